import Duty
import Storage

/// What a batch came to, before it is on disk.
package struct Prepared: Sendable {
    package var commit = Commit()
    package var accepted = 0
    package var duplicates: [PassedOver] = []
    package var rejected: [DeadLetter] = []
    /// Of types that the catalogue does not have.
    package var skipped: [PassedOver] = []
    /// Events that wait for the one that opens their matter, and letters that came of events long taken.
    var setAside: [SetAside] = []
    package var parked: Int { setAside.reduce(0) { $0 + $1.parked } }
    /// How long each accepted event was on its way, from its own time.
    package var eventLags: [Span] = []
    /// How late each breach is noted.
    package var breachLateness: [Span] = []
    /// The latest arrival among the facts.
    package var lastArrival = Instant.distantPast
    /// The earliest new wake-up among the matters.
    package var earliestWake: Instant?
}

/// What of one matter could not be made use of.
struct SetAside: Sendable {
    let matter: MatterID
    var parked = 0
    var letters = 0
}

/// An event that changes nothing: it was there before, or is of an unknown type.
package struct PassedOver: Sendable, Hashable {
    package let origin: Origin?
    /// Why it was skipped, in words; nil for one that came again.
    package let reason: String?
    /// Nil, as all below, for one that was skipped.
    package let type: String?
    package let key: EventKey?
    package let matter: MatterID?
    package let enterprise: EnterpriseID?

    /// One of an unknown type.
    package init(_ reason: String, _ origin: Origin) {
        self.origin = origin
        self.reason = reason
        type = nil
        key = nil
        matter = nil
        enterprise = nil
    }

    /// One that came again.
    package init(_ fact: Fact, _ origin: Origin?) {
        self.origin = origin
        reason = nil
        type = fact.kind.typeName
        key = fact.key
        matter = fact.matter
        enterprise = fact.enterprise
    }
}
