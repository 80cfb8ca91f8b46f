/// An event kept with the matter it speaks about.
package struct Fact: Hashable, Sendable {
    /// Everything, behind one reference: facts are copied often and changed hardly ever.
    private final class Content: Sendable {
        let key: EventKey
        let kind: EventKind
        let matter: MatterID
        let enterprise: EnterpriseID?
        let time: Instant?
        let recordedAt: Instant?
        let receivedAt: Instant
        let traceparent: String?
        let classification: DataClassification
        let data: Value
        let at: Instant
        let hasClockSkew: Bool

        init(
            key: EventKey,
            kind: EventKind,
            matter: MatterID,
            enterprise: EnterpriseID?,
            time: Instant?,
            recordedAt: Instant?,
            receivedAt: Instant,
            traceparent: String?,
            classification: DataClassification,
            data: Value
        ) {
            self.key = key
            self.kind = kind
            self.matter = matter
            self.enterprise = enterprise
            self.time = time
            self.recordedAt = recordedAt
            self.receivedAt = receivedAt
            self.traceparent = traceparent
            self.classification = classification
            self.data = data
            let field = EventCatalogue.timeField(kind)
            let claimed =
                field.flatMap { data[$0]?.string }.flatMap { Instant(rfc3339: $0) } ?? time ?? receivedAt
            hasClockSkew = Fact.isAhead(claimed, of: receivedAt)
            at = hasClockSkew ? receivedAt : claimed
        }

        /// The same with another matter or other data; its own time stays.
        init(_ other: Content, matter: MatterID? = nil, data: Value? = nil) {
            key = other.key
            kind = other.kind
            self.matter = matter ?? other.matter
            enterprise = other.enterprise
            time = other.time
            recordedAt = other.recordedAt
            receivedAt = other.receivedAt
            traceparent = other.traceparent
            classification = other.classification
            self.data = data ?? other.data
            at = other.at
            hasClockSkew = other.hasClockSkew
        }
    }

    private var content: Content

    package var key: EventKey { content.key }
    package var kind: EventKind { content.kind }
    /// Set from the event; for a correction, void or acknowledgement, from the event it speaks about.
    package var matter: MatterID {
        get { content.matter }
        set { if newValue != content.matter { content = Content(content, matter: newValue) } }
    }
    /// Other data leave the own time as it is.
    package var data: Value {
        get { content.data }
        set { content = Content(content, data: newValue) }
    }
    /// When it happened: the data's own time field, else `time`, else its arrival.
    ///
    /// A time that lies more than five minutes after the arrival is a wrong clock, and the arrival counts
    /// instead.
    package var at: Instant { content.at }
    package var hasClockSkew: Bool { content.hasClockSkew }
    /// Nil for what belongs to no enterprise.
    package var enterprise: EnterpriseID? { content.enterprise }
    /// CloudEvents `time`, if given.
    package var time: Instant? { content.time }
    /// When the producer says that it wrote the event down (`recordedtime`).
    package var recordedAt: Instant? { content.recordedAt }
    /// When the event reached the topic.
    package var receivedAt: Instant { content.receivedAt }
    package var traceparent: String? { content.traceparent }
    /// How widely the data may be shown.
    package var classification: DataClassification { content.classification }

    package static let tolerableSkew = Span.minutes(5)

    private static func isAhead(_ claim: Instant, of arrival: Instant) -> Bool {
        claim > arrival + tolerableSkew
    }

    /// Whether a time at which something is said to have happened lies so far after the arrival that a clock is wrong.
    func isAhead(_ claim: Instant) -> Bool { Fact.isAhead(claim, of: receivedAt) }
    /// Where it is, the arrival counts instead.
    func clamped(_ claim: Instant) -> Instant { isAhead(claim) ? receivedAt : claim }

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
        content = Content(
            key: key,
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

    /// A copy with `patch` (path → new value) applied to the data; what is read from them follows.
    func patched(by patch: Value) -> Fact {
        let patched = (patch.members ?? []).reduce(data) { $0.setting(path: $1.name, to: $1.value) }
        return Fact(
            key: key,
            kind: kind,
            matter: matter,
            enterprise: EventValidation.owner(kind, patched),
            time: time,
            recordedAt: recordedAt,
            receivedAt: receivedAt,
            traceparent: traceparent,
            classification: max(classification, EventValidation.leastClassification(kind, patched)),
            data: patched
        )
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
        let own = part.members ?? []
        let others = data.members ?? []
        var members: [Value.Member] = []
        members.reserveCapacity(own.count + others.count + 1)
        members.append(contentsOf: others.lazy.filter { other in !own.contains { $0.name == other.name } })
        members.append(contentsOf: own)
        let narrow = Value.object(members)
        if narrow["deptId"] == nil, let unit = narrow["orgUnit"] {
            members.append(Value.Member("deptId", unit))
        }
        var copy = self
        copy.data = .object(members)
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
        if left.kind != right.kind { return left.kind.ordinal < right.kind.ordinal }
        return left.key < right.key
    }

    package func text(_ path: String) -> String? { data.at(path: path)?.string }

    /// Whether it is the same event, whatever it says.
    package func isSameEvent(as other: Fact) -> Bool {
        content === other.content || content.key == other.content.key
    }

    package static func == (left: Fact, right: Fact) -> Bool {
        let (left, right) = (left.content, right.content)
        return left === right
            || (left.key == right.key && left.kind == right.kind && left.matter == right.matter
                && left.data == right.data && left.enterprise == right.enterprise && left.time == right.time
                && left.recordedAt == right.recordedAt && left.receivedAt == right.receivedAt
                && left.traceparent == right.traceparent && left.classification == right.classification)
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(content.key) }
}
