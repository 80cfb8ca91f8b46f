import Duty

/// Values of a policy file, each written out or taken from a setting with `{setting: NAME}`.
struct PolicyValues {
    let settings: ResolvedSettings
    let roles: [RoleID: RoleDefinition]
    let keyRoles: KeyRoles
    let locale: DutyclockConfiguration.Locale

    /// The setting that `node` names, if it does.
    func setting(_ node: YAMLNode) -> (setting: Setting, value: Value)? {
        guard node.isMapping else { return nil }
        return node.mapping { map in map.required("setting").flatMap { settings.named($0) } }
    }

    /// A written or set value in the words of the file.
    func text(_ node: YAMLNode) -> String? {
        guard node.isMapping else { return node.text() }
        return setting(node).map { Setting.text($0.value) }
    }

    func word(_ node: YAMLNode, of words: [String]) -> String? {
        guard node.isMapping else { return node.word(of: words) }
        guard let (setting, value) = setting(node) else { return nil }
        guard let text = value.string, words.contains(text) else {
            return node.failed(
                "设置 \(setting.name) 不适用:须是其中之一:\(words.joined(separator: "、"))",
                "setting \(setting.name) does not fit: must be one of \(words.joined(separator: ", "))"
            )
        }
        return text
    }

    func flag(_ node: YAMLNode) -> Bool? {
        guard node.isMapping else { return node.flag() }
        guard let (setting, value) = setting(node) else { return nil }
        return value.bool
            ?? node.failed(
                "设置 \(setting.name) 不适用:须是 true 或 false",
                "setting \(setting.name) does not fit: must be true or false"
            )
    }

    func integer(_ node: YAMLNode, in range: ClosedRange<Int64>) -> Int64? {
        guard node.isMapping else { return node.integer(in: range) }
        guard let (setting, value) = setting(node) else { return nil }
        guard let number = value.integer, range.contains(number) else {
            return node.failed(
                "设置 \(setting.name) 不适用:须在 \(range.lowerBound) 到 \(range.upperBound) 之间",
                "setting \(setting.name) does not fit: must be from \(range.lowerBound) to "
                    + "\(range.upperBound)"
            )
        }
        return number
    }

    func span(_ node: YAMLNode) -> Span? {
        guard node.isMapping else { return node.span() }
        guard let (setting, value) = setting(node) else { return nil }
        return value.string.flatMap { TimeText.span($0) }
            ?? node.failed(
                "设置 \(setting.name) 不适用:须是一段时间",
                "setting \(setting.name) does not fit: must be a length of time"
            )
    }

    /// Several words, written or set.
    func words(_ node: YAMLNode) -> [String] {
        guard node.isMapping else { return node.oneOrMany().compactMap { $0.text() } }
        guard let value = setting(node)?.value else { return [] }
        return value.array?.compactMap(\.string) ?? [Setting.text(value)]
    }

    // MARK: Roles

    /// A role of the policy.
    func role(_ node: YAMLNode) -> RoleID? {
        guard let name = text(node) else { return nil }
        return known(name, node)
    }

    /// A list of roles; an item may be a setting that names several, or `fact:FIELD`.
    func roles(_ node: YAMLNode) -> [RoleID] {
        var roles: [RoleID] = []
        for item in node.oneOrMany() {
            let names: [String]
            if item.isMapping {
                guard let value = setting(item)?.value else { continue }
                names = value.array?.compactMap(\.string) ?? [Setting.text(value)]
            } else {
                names = item.text().map { [$0] } ?? []
            }
            for name in names {
                if name.hasPrefix("fact:") {
                    roles.append(RoleID(name))
                } else if let role = known(name, item) {
                    roles.append(role)
                }
            }
        }
        return roles
    }

    func known(_ name: String, _ node: YAMLNode) -> RoleID? {
        let role = RoleID(name)
        guard roles[role] == nil else { return role }
        return node.failed(
            "没有角色“\(name)”",
            "there is no role \"\(name)\"",
            Spelling.hint(name, among: roles.keys.map(\.text))
        )
    }

    // MARK: Conditions on settings

    /// Whether `only: {setting: NAME, is: VALUE}` lets the thing beside it count; true without an `only`.
    func isOn(_ only: YAMLNode?) -> Bool {
        guard let only else { return true }
        let isOn: Bool? = only.mapping { map in
            let named = map.required("setting").flatMap { settings.named($0) }
            let answers = map.required("is")?.oneOrMany() ?? []
            guard let (setting, value) = named else { return nil }
            // Of what may be left out it can be asked whether it is there.
            let isOptional = setting.kind == .noneOrList
            let words = isOptional ? ["none", "given"] : setting.choices.map(\.value)
            guard !words.isEmpty else {
                return only.failed(
                    "设置 \(setting.name) 没有固定的选项可比较",
                    "setting \(setting.name) has no fixed choices to compare with"
                )
            }
            let answer = isOptional && value != "none" ? "given" : Setting.text(value)
            return answers.compactMap { $0.word(of: words) }.contains(answer)
        }
        return isOn ?? true
    }
}
