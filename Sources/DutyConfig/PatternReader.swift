import Duty

/// Reads which facts a rule is about: `{fact: complaint.filed, where: {kind: appeal}, scope: park}`.
struct PatternReader {
    let values: PolicyValues

    /// Patterns of a list; one with an `only` that does not hold is left out.
    func patterns(_ node: YAMLNode) -> [FactPattern] {
        node.oneOrMany().compactMap { item in
            guard item.isMapping else { return pattern(item) }
            return item.mapping { map in
                let isOn = values.isOn(map["only"])
                let pattern = self.pattern(map)
                return isOn ? pattern : nil
            }
        }
    }

    /// A single pattern; the bare name of a fact is one.
    func pattern(_ node: YAMLNode) -> FactPattern? {
        node.isMapping ? node.mapping(pattern) : kind(node).map { FactPattern($0) }
    }

    func pattern(_ map: YAMLMapping) -> FactPattern? {
        let conditionsNode = map["where"]
        let scopeNode = map["scope"]
        guard let kind = map.required("fact").flatMap(kind) else { return nil }
        let conditions = conditionsNode.map { self.conditions($0, kind) } ?? []
        return FactPattern(kind, conditions + (scopeNode.map(scope) ?? []))
    }

    private func kind(_ node: YAMLNode) -> EventKind? {
        guard let name = node.text() else { return nil }
        guard let kind = EventKind(rawValue: name) else {
            let hint = Spelling.hint(name, among: EventKind.allCases.map(\.rawValue))
            return node.failed("没有事件类型“\(name)”", "there is no kind of event \"\(name)\"", hint)
        }
        return kind
    }

    private func scope(_ node: YAMLNode) -> [Condition] {
        switch values.word(node, of: ["park", "linked", "all"]) {
        case "park": return [Condition("enterprise.inPark", .isOneOf([true]))]
        case "linked":
            guard let role = values.keyRoles.linked else {
                node.fail(
                    "keyRoles 没有写哪个角色表示企业已有联系领导(linked)",
                    "\"keyRoles\" does not say which role makes an enterprise a linked one"
                )
                return []
            }
            return [Condition("role." + role.text, .isPresent(true))]
        default: return []
        }
    }

    // MARK: Conditions

    /// Conditions on the data of a kind of fact that is already known.
    func pattern(fact kind: EventKind, _ node: YAMLNode) -> [Condition] { conditions(node, kind) }

    private func conditions(_ node: YAMLNode, _ kind: EventKind) -> [Condition] {
        node.members().compactMap { path, value in
            guard let field = fieldKind(path, of: kind, value) else { return nil }
            return test(value, field, path).map { Condition(path, $0) }
        }
    }

    /// What may stand in the field that a condition tests; nil after saying that there is none.
    private func fieldKind(_ path: String, of kind: EventKind, _ node: YAMLNode) -> TestedField? {
        if path.hasPrefix("current.") {
            return fieldKind("enterprise." + path.dropFirst("current.".count), of: kind, node)
        }
        if path.hasPrefix("role.") {
            return values.known(String(path.dropFirst("role.".count)), node).map { _ in .presence }
        }
        let isProfile = path.hasPrefix("enterprise.")
        let schema = EventCatalogue.schema(isProfile ? .enterpriseRegistered : kind)
        let name = isProfile ? String(path.dropFirst("enterprise.".count)) : path
        let first = String(name.prefix { $0 != "." })
        guard let field = schema.fields.first(where: { $0.name == first }) else {
            let names = schema.fields.map { isProfile ? "enterprise." + $0.name : $0.name }
            let owner = isProfile ? "an enterprise" : kind.rawValue
            return node.failed(
                "\(isProfile ? "企业" : kind.rawValue) 没有字段“\(name)”",
                "\(owner) has no field \"\(name)\"",
                Spelling.hint(path, among: names)
            )
        }
        guard first == name else { return part(name, of: field, node) }
        return name == "role" || name == "toRole" ? .role : .field(field.kind)
    }

    private func part(_ path: String, of field: EventField, _ node: YAMLNode) -> TestedField? {
        switch field.kind {
        case .actor, .actorOrText:
            if path == field.name + ".role" { return .role }
            if path == field.name + ".personRef" { return .field(.text) }
            return node.failed(
                "“\(field.name)”下只有 role 和 personRef",
                "\"\(field.name)\" has the parts role and personRef alone"
            )
        case .parts(let parts, _):
            let name = String(path.dropFirst(field.name.utf8.count + 1))
            if let part = parts.first(where: { $0.name == name }) { return .field(part.kind) }
            return node.failed(
                "“\(field.name)”下没有“\(name)”",
                "\"\(field.name)\" has no part \"\(name)\"",
                Spelling.hint(name, among: parts.map(\.name))
            )
        case .object: return .field(.text)
        default: return node.failed("“\(field.name)”下没有更细的字段", "\"\(field.name)\" has no parts")
        }
    }

    private func test(_ node: YAMLNode, _ field: TestedField, _ path: String) -> Condition.Test? {
        guard node.isMapping else { return matching(node, field, path).map { .isOneOf($0) } }
        return node.mapping { map in
            let isOn = values.isOn(map["only"])
            let parts = ["is", "not", "present", "setting", "over"].compactMap { key in
                map[key].map { (key, $0) }
            }
            guard parts.count == 1, let (key, value) = parts.first else {
                return node.failed(
                    "is、not、present、over、setting 须写且只写一个",
                    "needs exactly one of is, not, present, over and setting"
                )
            }
            let test: Condition.Test?
            switch key {
            case "present": test = value.flag().map { .isPresent($0) }
            case "over": test = over(value)
            case "not": test = excluded(value, field, path)
            case "setting": test = settingTest(value, field)
            default: test = matching(value, field, path).map { .isOneOf($0) }
            }
            return isOn ? test : nil
        }
    }

    private func over(_ node: YAMLNode) -> Condition.Test? {
        values.integer(node, in: -Fen.limit.amount...Fen.limit.amount).map { .isOver($0) }
    }

    /// Conditions on the elements of a list, whose fields no table names.
    func elementConditions(_ node: YAMLNode) -> [Condition] {
        node.members().compactMap { path, value in
            guard value.isMapping else {
                return matching(value, .field(.text), path).map { Condition(path, .isOneOf($0)) }
            }
            return value.mapping { map in map.required("over").flatMap(over).map { Condition(path, $0) } }
        }
    }

    /// The word `any` puts no condition.
    private func settingTest(_ node: YAMLNode, _ field: TestedField) -> Condition.Test? {
        guard let (_, value) = values.settings.named(node), value.string != "any" else { return nil }
        return .isOneOf(value.array ?? [value])
    }

    /// Written values, or those of a setting.
    private func excluded(_ node: YAMLNode, _ field: TestedField, _ path: String) -> Condition.Test? {
        guard node.isMapping else { return matching(node, field, path).map { .isNoneOf($0) } }
        return values.setting(node).map { .isNoneOf($0.value.array ?? [$0.value]) }
    }

    private func matching(_ node: YAMLNode, _ field: TestedField, _ path: String) -> [Value]? {
        let items = node.oneOrMany()
        let matching = items.compactMap { value($0, field) }
        return matching.count == items.count && !items.isEmpty ? matching : nil
    }

    private func value(_ node: YAMLNode, _ field: TestedField) -> Value? {
        switch field {
        case .presence:
            return node.failed(
                "角色只能用 {present: true} 或 {present: false} 判断",
                "a role can only be tested with {present: true} or {present: false}"
            )
        case .role: return values.role(node).map { .string($0.text) }
        case .field(.flag): return node.flag().map { .bool($0) }
        case .field(.integer(let range)): return node.integer(in: range).map { .integer($0) }
        case .field(.amount), .field(.signedAmount):
            return node.integer(in: -Fen.limit.amount...Fen.limit.amount).map { .integer($0) }
        case .field(.oneOf(let words)): return node.word(of: words).map { .string($0) }
        case .field: return node.text().map { .string($0) }
        }
    }
}

/// What a condition tests.
private enum TestedField {
    /// Whether a role is filled.
    case presence
    /// A field that names a role.
    case role
    case field(FieldKind)
}
