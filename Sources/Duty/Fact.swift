/// An event kept with the matter it speaks about.
package struct Fact: Hashable, Sendable {
    /// What never changes, behind one reference: facts are copied often.
    private final class Envelope: Hashable, Sendable {
        let key: EventKey
        let enterprise: EnterpriseID?
        let time: Instant?
        let recordedAt: Instant?
        let receivedAt: Instant
        let traceparent: String?
        let classification: DataClassification

        init(
            key: EventKey,
            enterprise: EnterpriseID?,
            time: Instant?,
            recordedAt: Instant?,
            receivedAt: Instant,
            traceparent: String?,
            classification: DataClassification
        ) {
            self.key = key
            self.enterprise = enterprise
            self.time = time
            self.recordedAt = recordedAt
            self.receivedAt = receivedAt
            self.traceparent = traceparent
            self.classification = classification
        }

        static func == (left: Envelope, right: Envelope) -> Bool {
            left === right
                || (left.key == right.key && left.enterprise == right.enterprise && left.time == right.time
                    && left.recordedAt == right.recordedAt && left.receivedAt == right.receivedAt
                    && left.traceparent == right.traceparent && left.classification == right.classification)
        }

        func hash(into hasher: inout Hasher) { hasher.combine(key) }
    }

    private let envelope: Envelope
    package let kind: EventKind
    /// Set from the event; for a correction, void or acknowledgement, from the event it speaks about.
    package var matter: MatterID
    package var data: Value
    /// When it happened: the data's own time field, else `time`, else its arrival.
    ///
    /// A time that lies more than five minutes after the arrival is a wrong clock, and the arrival counts
    /// instead.
    package private(set) var at: Instant
    package private(set) var hasClockSkew: Bool

    package var key: EventKey { envelope.key }
    /// Nil for what belongs to no enterprise.
    package var enterprise: EnterpriseID? { envelope.enterprise }
    /// CloudEvents `time`, if given.
    package var time: Instant? { envelope.time }
    /// When the producer says that it wrote the event down (`recordedtime`).
    package var recordedAt: Instant? { envelope.recordedAt }
    /// When the event reached the topic.
    package var receivedAt: Instant { envelope.receivedAt }
    package var traceparent: String? { envelope.traceparent }
    /// How widely the data may be shown.
    package var classification: DataClassification { envelope.classification }

    package static let tolerableSkew = Span.minutes(5)

    package init(
        key: EventKey,
        kind: EventKind,
        matter: MatterID,
        enterprise: EnterpriseID?,
        time: Instant?,
        recordedAt: Instant? = nil,
        receivedAt: Instant,
        traceparent: String? = nil,
        classification: DataClassification = .internal,
        data: Value
    ) {
        envelope = Envelope(
            key: key,
            enterprise: enterprise,
            time: time,
            recordedAt: recordedAt,
            receivedAt: receivedAt,
            traceparent: traceparent,
            classification: classification
        )
        self.kind = kind
        self.matter = matter
        self.data = data
        at = receivedAt
        hasClockSkew = false
        setOwnTime()
    }

    private mutating func setOwnTime() {
        let field = EventCatalogue.schema(kind).timeField
        let claimed =
            field.flatMap { data[$0]?.string }.flatMap { Instant(rfc3339: $0) } ?? time ?? receivedAt
        hasClockSkew = claimed > receivedAt + Fact.tolerableSkew
        at = hasClockSkew ? receivedAt : claimed
    }

    /// A copy with `patch` (path → new value) applied to the data; the own time follows.
    func patched(by patch: Value) -> Fact {
        var copy = self
        for member in patch.members ?? [] {
            copy.data = copy.data.setting(path: member.name, to: member.value)
        }
        copy.setOwnTime()
        return copy
    }

    /// A copy under another id.
    func renamed(_ id: String) -> Fact {
        Fact(
            key: EventKey(source: key.source, id: id),
            kind: kind,
            matter: matter,
            enterprise: enterprise,
            time: time,
            recordedAt: recordedAt,
            receivedAt: receivedAt,
            traceparent: traceparent,
            classification: classification,
            data: data
        )
    }

    /// A copy that speaks of one part alone: the part's fields stand beside and before the fact's own.
    func narrowed(to part: Value) -> Fact {
        var members = data.members ?? []
        for member in part.members ?? [] {
            members.removeAll { $0.name == member.name }
            members.append(member)
        }
        var copy = self
        copy.data = .object(members)
        if copy.data["deptId"] == nil, let unit = copy.data["orgUnit"] {
            copy.data = .object(members + [Value.Member("deptId", unit)])
        }
        return copy
    }

    /// Recorded more than `tolerance` after it is said to have happened.
    package func isBackdated(beyond tolerance: Span) -> Bool {
        guard let recordedAt else { return false }
        return recordedAt - at > tolerance
    }

    /// The order of their own time; facts of one moment by kind, then by key.
    package static func precedes(_ left: Fact, _ right: Fact) -> Bool {
        if left.at != right.at { return left.at < right.at }
        if left.kind != right.kind { return left.kind.precedence < right.kind.precedence }
        return left.key < right.key
    }

    package func text(_ path: String) -> String? { data.at(path: path)?.string }
}
