/// What a step is taken with, beside the facts.
package struct StepContext: Sendable {
    package let matter: MatterID
    package let enterprise: Enterprise
    /// Set where the matter has just gone over to this enterprise from another one.
    package let departure: Departure?
    package let policy: Policy
    /// The policy that the matter has just left; its rules say what is gone.
    package let former: Policy?
    package let calendar: WorkCalendar
    package let resolver: RecipientResolver
    /// The latest arrival among the facts: later than this, a late message is our own delay.
    package let lastArrival: Instant
    /// Whether anybody will read what messages and the journal say beside that they are there; figures need none of it.
    package let hasReaders: Bool
    /// All there are, also such as are over or lie ahead.
    package let silences: [Silence]

    package init(
        matter: MatterID,
        enterprise: Enterprise,
        departure: Departure? = nil,
        policy: Policy,
        former: Policy? = nil,
        calendar: WorkCalendar,
        resolver: RecipientResolver,
        lastArrival: Instant,
        hasReaders: Bool = true,
        silences: [Silence] = []
    ) {
        self.matter = matter
        self.enterprise = enterprise
        self.departure = departure
        self.policy = policy
        self.former = former
        self.calendar = calendar
        self.resolver = resolver
        self.lastArrival = lastArrival
        self.hasReaders = hasReaders
        self.silences = silences
    }

    /// How a matter left an enterprise.
    package struct Departure: Sendable {
        package let from: Enterprise
        /// It was merged into the other one; else the matter was entered for the wrong one.
        package let isByMerger: Bool

        package init(from: Enterprise, isByMerger: Bool) {
            self.from = from
            self.isByMerger = isByMerger
        }
    }

    /// A rule of the policy, or of the one before it.
    func rule(_ id: RuleID) -> Rule? { policy.rule(id) ?? former?.rule(id) }

    /// How a record speaks of an obligation that is gone, by the rules that it arose from.
    func words(_ record: MatterState.Record) -> ActionWords { ActionWords(record, former ?? policy) }
}
