import Duty

/// Reads the block `roles` of a policy file.
struct RoleReader {
    let locale: DutyclockConfiguration.Locale

    private static let levels = ["L0", "L1", "L2", "L3", "L4"]

    func roles(_ node: YAMLNode?) -> [RoleID: RoleDefinition] {
        var roles: [RoleID: RoleDefinition] = [:]
        var fallbacks: [YAMLNode] = []
        for (key, value) in node?.members() ?? [] {
            guard YAMLNode.isName(key) else {
                value.fail("不能作角色名,只能用字母、数字、点、短横和下划线", "is no name of a role")
                continue
            }
            let id = RoleID(key)
            if let role = role(id, value, &fallbacks) { roles[id] = role }
        }
        for node in fallbacks {
            guard let name = node.scalarText, roles[RoleID(name)] == nil else { continue }
            node.fail(
                "没有角色“\(name)”",
                "there is no role \"\(name)\"",
                Spelling.hint(name, among: roles.keys.map(\.text))
            )
        }
        return roles
    }

    /// The block `keyRoles`; without it, of the roles by which the first policies called them, those that there are.
    func keyRoles(_ node: YAMLNode?, among roles: [RoleID: RoleDefinition]) -> KeyRoles {
        guard let node else {
            func known(_ role: RoleID) -> RoleID? { roles[role] == nil ? nil : role }
            return KeyRoles(
                owner: known("park.staff"),
                linked: known("county.linked"),
                office: known("office")
            )
        }
        let read: KeyRoles? = node.mapping { map in
            func role(_ key: String) -> RoleID? {
                guard let node = map[key], let name = node.name() else { return nil }
                guard roles[RoleID(name)] == nil else { return RoleID(name) }
                return node.failed(
                    "没有角色“\(name)”",
                    "there is no role \"\(name)\"",
                    Spelling.hint(name, among: roles.keys.map(\.text))
                )
            }
            return KeyRoles(owner: role("owner"), linked: role("linked"), office: role("office"))
        }
        return read ?? KeyRoles()
    }

    private func role(
        _ id: RoleID,
        _ node: YAMLNode,
        _ fallbacks: inout [YAMLNode]
    ) -> RoleDefinition? {
        var items: [YAMLNode] = []
        let role: RoleDefinition? = node.mapping { map in
            let names = map.required("name").flatMap(LocalizedText.both)
            let holders = map.required("holders")?.word(of: ["enterprise", "park", "standing", "department"])
            items = map["fallback"]?.list() ?? []
            let fallback = items.compactMap { $0.name() }.map { RoleID($0) }
            let level = map["level"]?.word(of: Self.levels).flatMap(Self.levels.firstIndex)
            return RoleDefinition(
                id: id,
                name: names.map { $0.pick(locale) } ?? id.text,
                binding: holders.flatMap { RoleDefinition.Binding(rawValue: $0) } ?? .standing,
                fallback: fallback,
                level: level,
                names: names
            )
        }
        fallbacks += items
        return role
    }
}

/// A text that is given once for all languages, or once for each.
enum LocalizedText {
    static func both(_ node: YAMLNode) -> Wording? {
        guard node.isMapping else { return node.text().map { Wording($0, $0) } }
        return node.mapping { map in
            let chinese = map.required("zh")?.text()
            let english = map.required("en")?.text()
            guard let chinese, let english else { return nil }
            return Wording(chinese, english)
        }
    }
}
