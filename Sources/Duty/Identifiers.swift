/// An opaque name that cannot be mixed up with another kind of name.
///
/// Conforming types differ only in what they name; all are compared and ordered by their bytes.
package protocol Identifier: Hashable, Sendable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    /// The text as it stands in events, files and logs.
    var text: String { get }
    init(_ text: String)
}

extension Identifier {
    package init(stringLiteral value: String) { self.init(value) }
    package var description: String { text }
    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

/// A matter (事项), `type/number`, for example `complaint/CP-2026-000123`.
package struct MatterID: Identifier {
    package let text: String
    package init(_ text: String) { self.text = text }
    package init(type: MatterType, number: String) { self.text = type.rawValue + "/" + number }

    /// What stands before the first slash, or nil if it is no known type of matter.
    package var type: MatterType? {
        var text = text
        return text.withUTF8 { bytes in
            let length = bytes.firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
            let name = bytes[..<length]
            return MatterType.names.first { $0.name.count == length && $0.name.elementsEqual(name) }?.type
        }
    }
    /// What stands after the first slash: the number that people know the matter by.
    package var number: String {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")) else { return text }
        return String(text[text.utf8.index(after: slash)...])
    }
}

/// An enterprise (`E-000451`), never a phone number or a person.
package struct EnterpriseID: Identifier {
    package let text: String
    package init(_ text: String) { self.text = text }
    /// Stands for the enterprise in matters that are of none.
    package static let nobody: EnterpriseID = "-"
}

/// A person or an office as logs and events know them (`P-1032`), never a name.
package struct PersonRef: Identifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// A role (`park.staff`, `county.linked`, …).
package struct RoleID: Identifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// A rule of the policy (`A22.response`).
package struct RuleID: Identifier {
    package let text: String
    package init(_ text: String) { self.text = text }
}

/// The idempotency key of an event: CloudEvents `source` and `id` together.
package struct EventKey: Hashable, Sendable, Comparable {
    package let source: String
    package let id: String

    package init(source: String, id: String) {
        self.source = source
        self.id = id
    }

    package static func < (left: EventKey, right: EventKey) -> Bool {
        left.id != right.id ? left.id < right.id : left.source < right.source
    }
}

/// What a matter is about; the first part of its id.
package enum MatterType: String, Sendable, CaseIterable {
    case enterprise, park, org, complaint, service, fee, approval, project, visit, `case`, penalty, fine
    case clue, duty, assessment, calendar, silence
    /// Facts of several matters that one rule looks at together.
    case gathering

    fileprivate static let names = allCases.map { (name: Array($0.rawValue.utf8), type: $0) }

    /// Whether a matter of this type is an enterprise's; a duty is a person's, whatever enterprise its facts speak of.
    package var belongsToEnterprise: Bool {
        switch self {
        case .enterprise, .complaint, .service, .fee, .approval, .project, .visit, .case, .penalty, .fine,
            .gathering:
            true
        case .park, .org, .clue, .duty, .assessment, .calendar, .silence: false
        }
    }
}
