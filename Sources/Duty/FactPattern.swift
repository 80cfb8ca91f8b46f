/// Facts of a kind that fulfil all conditions.
package struct FactPattern: Sendable, Hashable {
    package let kind: EventKind
    package let conditions: [Condition]

    package init(_ kind: EventKind, _ conditions: [Condition] = []) {
        self.kind = kind
        self.conditions = conditions
    }

    /// Whether it fits as far as that depends on the fact alone, not on its enterprise.
    func mayFit(_ fact: Fact) -> Bool {
        kind == fact.kind
            && conditions.allSatisfy {
                $0.subject != .field || $0.test.isMet(by: fact.data.at(path: $0.path))
            }
    }
}

/// A test of one value: a data field (`by.role`), a field of the enterprise's profile (`enterprise.inPark`)
/// or whether a role is filled for the enterprise (`role.county.linked`).
package struct Condition: Sendable, Hashable {
    package enum Test: Sendable, Hashable {
        case isOneOf([Value])
        /// Also true where the value is missing.
        case isNoneOf([Value])
        case isPresent(Bool)
        case isOver(Int64)

        /// Nil is a value that is missing.
        func isMet(by value: Value?) -> Bool {
            switch self {
            case .isOneOf(let values): value.map(values.contains) ?? false
            case .isNoneOf(let values): value.map { !values.contains($0) } ?? true
            case .isPresent(let expected): (value.map { !$0.isBlank } ?? false) == expected
            case .isOver(let limit): value?.integer.map { $0 > limit } ?? false
            }
        }
    }

    /// What its path leads to.
    enum Subject: Sendable, Hashable {
        case field
        /// A field of the enterprise's profile, as it was at the fact's own time or as it is now.
        case profile(String, isCurrent: Bool)
        case role(RoleID)
    }

    package let path: String
    package let test: Test
    let subject: Subject

    package init(_ path: String, _ test: Test) {
        self.path = path
        self.test = test
        subject = Subject(path)
    }
}

extension Condition.Subject {
    fileprivate init(_ path: String) {
        func rest(after prefix: String) -> String? {
            path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : nil
        }
        if let name = rest(after: "current.") {
            self = .profile(name, isCurrent: true)
        } else if let name = rest(after: "enterprise.") {
            self = .profile(name, isCurrent: false)
        } else if let name = rest(after: "role.") {
            self = .role(RoleID(name))
        } else {
            self = .field
        }
    }
}
