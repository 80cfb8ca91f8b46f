import Duty

/// An order to move open matters to another policy version, and how far it has come.
///
/// Kept with the commits that carry it out, so that a crash in the middle goes on where it was.
package struct Repolicy: Sendable, Hashable {
    /// The policy version that matters move to.
    package let version: String
    /// Why, in the words of whoever ordered it.
    package let reason: String
    /// Who ordered it.
    package let by: String
    /// Only matters of this type; nil for all.
    package let type: MatterType?
    /// Only matters that this rule says something about, now or by the new version; nil for all.
    package let rule: RuleID?
    package let startedAt: Instant
    /// The last matter that was looked at, in the order of ids; nil before the first.
    package var after: MatterID?
    package var moved: Int64 = 0
    package var finishedAt: Instant?

    package init(
        version: String,
        reason: String,
        by: String,
        type: MatterType? = nil,
        rule: RuleID? = nil,
        startedAt: Instant
    ) {
        self.version = version
        self.reason = reason
        self.by = by
        self.type = type
        self.rule = rule
        self.startedAt = startedAt
    }

    package var isDone: Bool { finishedAt != nil }

    /// Whether it asks for the same, whenever it was ordered and however far it has come.
    package func isSameOrder(as other: Repolicy) -> Bool {
        version == other.version && reason == other.reason && by == other.by && type == other.type
            && rule == other.rule
    }
}

/// What is known of a matter without reading its facts.
package struct MatterHead: Sendable, Hashable {
    package let id: MatterID
    package let isOpen: Bool
    package let policyVersion: String

    package init(id: MatterID, isOpen: Bool, policyVersion: String) {
        self.id = id
        self.isOpen = isOpen
        self.policyVersion = policyVersion
    }
}

enum RepolicyCodec {
    static func encode(_ order: Repolicy) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.member("version", order.version)
            writer.member("reason", order.reason)
            writer.member("by", order.by)
            writer.member("type", optional: order.type?.rawValue)
            writer.member("rule", optional: order.rule?.text)
            writer.member("startedAt", order.startedAt)
            writer.member("after", optional: order.after?.text)
            writer.member("moved", order.moved)
            writer.member("finishedAt", order.finishedAt)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> Repolicy {
        let value = try JSONReader.decode(bytes)
        func moment(_ name: String) -> Instant? { value[name]?.integer.map { Instant(microseconds: $0) } }
        var order = Repolicy(
            version: try value.needText("version"),
            reason: try value.needText("reason"),
            by: try value.needText("by"),
            type: value["type"]?.string.flatMap { MatterType(rawValue: $0) },
            rule: value["rule"]?.string.map { RuleID($0) },
            startedAt: moment("startedAt") ?? .distantPast
        )
        order.after = value["after"]?.string.map { MatterID($0) }
        order.moved = value["moved"]?.integer ?? 0
        order.finishedAt = moment("finishedAt")
        return order
    }
}
