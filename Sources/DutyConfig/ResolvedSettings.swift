import Duty

/// The answer to every setting: the file's, else the default.
///
/// Remembers which settings a rule has asked for.
final class ResolvedSettings {
    private(set) var values: [String: Value]
    /// Where the file gives a value itself.
    private var given: [String: YAMLNode] = [:]
    private var used = SettingCatalogue.always

    init(_ node: YAMLNode?) {
        values = Dictionary(
            SettingCatalogue.all.map { ($0.name, $0.default) },
            uniquingKeysWith: { first, _ in first }
        )
        for (name, value) in node?.members() ?? [] {
            guard let setting = SettingCatalogue.setting(name) else {
                let hint = Spelling.hint(name, among: SettingCatalogue.all.map(\.name))
                value.fail("没有这个设置项", "there is no such setting", hint)
                continue
            }
            given[name] = value
            if let answer = setting.value(value) { values[name] = answer }
        }
    }

    /// The setting named in `node`, with its value; asking counts as use.
    func named(_ node: YAMLNode) -> (setting: Setting, value: Value)? {
        guard let name = node.text() else { return nil }
        guard let setting = SettingCatalogue.setting(name), let value = values[name] else {
            let hint = Spelling.hint(name, among: SettingCatalogue.all.map(\.name))
            return node.failed("没有设置项“\(name)”", "there is no setting \"\(name)\"", hint)
        }
        used.insert(name)
        return (setting, value)
    }

    func text(_ name: String) -> String { values[name]?.string ?? "" }

    /// Notes settings of the file that no rule asks for.
    func reportUnused() {
        for (name, node) in given where !used.contains(name) {
            node.fail("不起作用:本文件没有规则引用它", "has no effect: no rule of this file refers to it")
        }
    }

    /// Notes the roles that settings name and the policy lacks.
    ///
    /// `root` takes the blame for defaults, which stand nowhere in the file.
    func check(roles: [RoleID: RoleDefinition], root: YAMLNode) {
        for name in used.union(given.keys).sorted() {
            for role in roleNames(name) where roles[RoleID(role)] == nil {
                let hint = Spelling.hint(role, among: roles.keys.map(\.text))
                let wording = Wording("没有角色“\(role)”", "there is no role \"\(role)\"") + hint
                if let node = given[name] {
                    node.fail(wording)
                } else {
                    root.fail(Wording("\(name) 的默认值:", "the default of \(name): ") + wording)
                }
            }
        }
    }

    private func roleNames(_ name: String) -> [String] {
        guard let setting = SettingCatalogue.setting(name), let value = values[name] else { return [] }
        switch setting.kind {
        case .role: return value.string.map { $0 == "any" ? [] : [$0] } ?? []
        case .roles: return value.string.map { [$0] } ?? value.array?.compactMap(\.string) ?? []
        case .weights: return value.members?.map(\.name) ?? []
        default: return []
        }
    }
}
