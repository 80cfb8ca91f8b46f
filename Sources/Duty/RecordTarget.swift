/// An event as far as a correction or a void can name it.
package struct RecordIdentity: Hashable, Sendable {
    package let key: EventKey
    package let kind: EventKind
    /// Nil for what belongs to no enterprise.
    package let enterprise: EnterpriseID?

    package init(_ fact: Fact) {
        key = fact.key
        kind = fact.kind
        enterprise = fact.enterprise
    }
}

/// What a correction or a void says of the one event that it is about.
///
/// An event's id is its own source's alone, so that type and enterprise have to fit too. Where events of several
/// sources do, and it names no source, the one of its own source is meant; where none of them is, nobody can say which,
/// and it speaks about none of them.
package struct RecordTarget: Hashable, Sendable {
    package let id: String
    /// Nil for what the daemon itself voids: that it knows by its key.
    private let type: String?
    private let enterprise: EnterpriseID?
    private let source: String?
    private let ownSource: String

    /// Nil if the fact is neither a correction nor a void.
    package init?(_ fact: Fact) {
        guard fact.isAmendment, let id = fact.text("targetId") else { return nil }
        self.id = id
        type = fact.isReflected ? nil : fact.text("targetType") ?? ""
        enterprise = fact.enterprise
        source = fact.isReflected ? fact.key.source : fact.text("targetSource")
        ownSource = fact.key.source
    }

    /// The event that is meant among those that are known; nil if it is none of them, or nobody can say which.
    package func choice(among known: some Sequence<RecordIdentity>) -> EventKey? {
        let fitting = known.filter(fits).map(\.key)
        return fitting.first { $0.source == ownSource } ?? (fitting.count == 1 ? fitting[0] : nil)
    }

    private func fits(_ other: RecordIdentity) -> Bool {
        guard other.key.id == id, source.map({ $0 == other.key.source }) ?? true else { return false }
        guard let type else { return true }
        return EventKind(named: type) == other.kind
            && (other.enterprise.map { $0 == enterprise } ?? true)
    }
}

extension EventKind {
    /// The kind by its name in the catalogue or by its whole type: `complaint.filed`, `park.complaint.filed.v1`.
    package init?(named text: String) {
        guard let kind = EventKind(rawValue: text) ?? EventKind(typeName: text) else { return nil }
        self = kind
    }
}

extension Fact {
    /// Whether it speaks about another event, and of nothing else.
    package var isAmendment: Bool { kind == .recordCorrected || kind == .recordVoided }

    /// The id of the event that a producer's correction or void speaks about.
    package var addressedEvent: String? { isAmendment && !isReflected ? text("targetId") : nil }
}
