import Duty
import Storage

/// Turns facts and wake-ups into commits: loads matters, derives, steps.
///
/// It decides nothing by itself.
struct Processor {
    let store: any MatterStore
    var book: RuleBook
    var calendars = CalendarBook()
    var silences = SilenceBook()
    /// For those who quote the rules: gets each calendar that comes into force.
    let rules: RulesInForce?
    var cache: MatterCache
    var enterprises: [EnterpriseID: Enterprise] = [:]
    /// Those of them, now or before, that were merged into others.
    var mergers: Set<EnterpriseID> = []
    /// Ids of events that corrections and voids speak about.
    var addressed: Set<String> = []
    var knowsAddressed = false
    /// Events that the store has under another matter; refused when they are read again.
    var foreignDuplicates: Set<EventKey> = []
    /// False for a replay, which says nothing and counts what there is in the end.
    var hasReaders = true

    init(store: any MatterStore, book: RuleBook, rules: RulesInForce? = nil, cacheSize: Int = 20_000) {
        self.store = store
        self.book = book
        self.rules = rules
        cache = MatterCache(generation: cacheSize)
    }

    /// Forgets everything that is not on disk.
    mutating func reset() {
        cache.removeAll()
        enterprises = [:]
        knowsAddressed = false
        calendars.forget()
        silences = SilenceBook()
    }

    /// Whether a batch asks the store questions that a commit under way could answer differently.
    func needsSettledStore(_ batch: Batch) -> Bool {
        // What is forgotten will be read from there.
        if cache.isFull { return true }
        return batch.items.contains { item in
            guard case .fact(let fact, _) = item else { return false }
            switch fact.kind {
            case .enterpriseRegistered, .enterpriseUpdated, .enterpriseDeregistered, .rosterAssigned,
                .rosterEnded,
                .recordCorrected, .recordVoided, .silenceSet, .silenceEnded:
                return true
            default: return !addressed.isEmpty && addressed.contains(fact.key.id)
            }
        }
    }

    // MARK: Batches

    mutating func prepare(_ batch: Batch, now: Instant) async throws -> Prepared {
        cache.age()
        if !knowsAddressed { try await learnAddressed() }
        try await learnBooks()
        var prepared = Prepared()
        prepared.commit.offsets = batch.offsets
        var arrivals: [(fact: Fact, origin: Origin?)] = []
        for item in batch.items {
            switch item {
            case .fact(var fact, let origin):
                fact.matter = book.current.home(of: fact)
                arrivals.append((fact, origin))
            case .deadLetter(let letter):
                prepared.rejected.append(letter)
                prepared.commit.deadLetters.append(letter)
            case .skipped(let reason, let origin): prepared.skipped.append(PassedOver(reason, origin))
            }
        }
        var turn = Turn()
        try await resolveTargets(&arrivals, &turn, &prepared)
        var wanted = arrivals.map(\.fact.matter)
        for arrival in arrivals {
            // By its place: an entry would be copied to be looked at.
            guard let id = arrival.fact.enterprise, enterprises.index(forKey: id) == nil else { continue }
            wanted.append(Self.matterID(id))
        }
        try await load(wanted)
        prepared.commit.reserve(events: arrivals.count)
        for arrival in arrivals { try await accept(arrival.fact, arrival.origin, &turn, &prepared) }
        for id in turn.matters where id.type == .calendar { take(calendar: id, cache.take(id)?.facts ?? []) }
        try await finish(&turn, &prepared, now: now)
        return prepared
    }

    /// Matters whose moment has come.
    mutating func prepare(wakeUps: [WakeUp], now: Instant) async throws -> Prepared {
        cache.age()
        try await learnBooks()
        var prepared = Prepared()
        try await load(wakeUps.map(\.matter))
        var turn = Turn()
        for wakeUp in wakeUps { turn.touch(wakeUp.matter) }
        try await finish(&turn, &prepared, now: now)
        return prepared
    }

    /// Begins and ends the duties that people have by the directory.
    mutating func prepareStandingDuties(now: Instant) async throws -> Prepared {
        try await learnBooks()
        var prepared = Prepared()
        let wanted = Dictionary(grouping: book.current.standingDuties(book.directory), by: \.matter)
        let known = try await store.matterIDs(of: .duty)
        try await load(known + wanted.keys)
        var turn = Turn()
        for id in Set(known).union(wanted.keys).sorted() {
            let facts = FactHistory.effective(cache.take(id)?.facts ?? [])
            let people = Set((wanted[id] ?? []).map(\.person))
            var changes = StandingDuty.endings(in: id, facts, keeping: people, at: now)
            changes += (wanted[id] ?? []).filter { !$0.stands(in: facts, at: now) }.map {
                $0.beginning(at: now)
            }
            for fact in changes { try await accept(fact, nil, &turn, &prepared) }
        }
        try await finish(&turn, &prepared, now: now)
        return prepared
    }

    /// Reads from the store what is kept of it, once.
    private mutating func learnBooks() async throws {
        if !calendars.isKnown { try await learnCalendar() }
        if !silences.isKnown { try await learnSilences() }
    }

    private mutating func accept(
        _ fact: Fact,
        _ origin: Origin?,
        _ turn: inout Turn,
        _ prepared: inout Prepared
    ) async throws {
        let foreign = foreignDuplicates
        func isNew(in facts: [Fact]) -> Bool {
            !facts.contains(where: fact.isSameEvent) && !foreign.contains(fact.key) && turn.isNew(fact.key)
        }
        let isTaken = cache.change(fact.matter) { matter in
            guard isNew(in: matter.facts) else { return false }
            matter.facts.append(fact)
            return true
        }
        guard isTaken ?? isNew(in: []) else {
            prepared.duplicates.append(PassedOver(fact, origin))
            return
        }
        if isTaken == nil {
            var matter = newMatter(fact.matter)
            matter.facts.append(fact)
            cache.put(matter)
        }
        prepared.commit.facts.append(fact)
        prepared.lastArrival = max(prepared.lastArrival, fact.receivedAt)
        if !fact.isReflected { prepared.accepted += 1 }
        turn.touch(fact.matter, with: Self.accepted(fact, origin, book.current, hasReaders: hasReaders))
        if let deed = Self.supervised(fact) { turn.touch(fact.matter, with: deed) }
        if fact.kind == .notificationAcknowledged { acknowledge(fact, &prepared) }
        try await touchOthers(because: fact, &turn)
    }

    /// The matters that depend on the one of a fact.
    mutating func touchOthers(because fact: Fact, _ turn: inout Turn) async throws {
        switch fact.matter.type {
        case .silence: try await touchSilenced(by: fact.matter, &turn)
        // What other matters tell an enterprise changes neither its profile nor its roster.
        case .enterprise where !fact.isReflected, .park where !fact.isReflected:
            try await touchDependents(of: fact, &turn)
        default: break
        }
    }

    /// Whose it is, its facts say when it is worked out.
    func newMatter(_ id: MatterID) -> StoredMatter {
        StoredMatter(id: id, enterprise: nil, policyVersion: book.current.version)
    }

    private func acknowledge(_ fact: Fact, _ prepared: inout Prepared) {
        let key = fact.text("notificationId") ?? ""
        let person = fact.text("personRef") ?? ""
        prepared.commit.acknowledgements.append(
            Acknowledgement(key: key, person: PersonRef(person), at: fact.at, via: fact.text("via") ?? "")
        )
    }

    // MARK: Derive and step

    mutating func finish(_ turn: inout Turn, _ prepared: inout Prepared, now: Instant) async throws {
        while let (id, accepted) = turn.next() {
            guard var matter = cache.take(id) else { continue }
            let move = turn.moves.isEmpty ? nil : turn.moves.removeValue(forKey: id)
            let emissions = try await turnMatter(&matter, accepted, move, &prepared, now: now)
            cache.put(matter)
            if emissions.isEmpty { continue }
            try await load(emissions.map(\.matter))
            for fact in emissions { try await accept(fact, nil, &turn, &prepared) }
        }
        try await recalculate(turn, &prepared, now: now)
        calendars.save(into: &prepared.commit)
    }

    private mutating func turnMatter(
        _ matter: inout StoredMatter,
        _ accepted: [Transition],
        _ move: PolicyMove?,
        _ prepared: inout Prepared,
        now: Instant
    ) async throws -> [Fact] {
        // A wall clock that was set back does not undo what has been said, to say it once more.
        let now = max(now, matter.state.latestBreach ?? now)
        let policy = move?.policy ?? book.policy(matter.policyVersion)
        let own = try await enterprise(FactHistory.enterprise(of: matter.id, matter.facts) ?? .nobody)
        var serving = own
        for _ in 0..<4 {
            guard let end = serving.end, end.at <= now, let next = end.mergedInto else { break }
            serving = try await enterprise(next)
        }
        let derivation = derive(
            matter: matter.id,
            facts: matter.facts,
            enterprise: own,
            policy: policy,
            calendar: book.calendar,
            now: now
        )
        if let move { take(&matter, along: move, from: own, to: derivation, now: now) }
        let owner = serving.id == .nobody ? nil : serving.id
        // The enterprise's own matter is no item of it; a matter that turns out to be nobody's says nothing of anybody.
        let former = matter.enterprise.flatMap { id in
            owner == nil || id == owner || matter.version == 0 || matter.id.type == .enterprise ? nil : id
        }
        let departure = try await departure(from: former, by: own.id)
        let context = StepContext(
            matter: matter.id,
            enterprise: serving,
            departure: departure,
            policy: policy,
            former: move?.former,
            calendar: book.calendar,
            resolver: RecipientResolver(policy: policy, directory: book.directory),
            lastArrival: max(matter.facts.lazy.map(\.receivedAt).max() ?? now, prepared.lastArrival),
            hasReaders: hasReaders,
            silences: silences.all
        )
        let result = stepped(matter, derivation, context, isAlone: accepted.isEmpty, now: now)
        let isElsewhere = matter.enterprise != owner
        matter.enterprise = owner
        // Where nobody has registered the enterprise yet, what was found not to concern it may still do so.
        let isOpen =
            matter.id.type == .fine || result.wakeAt != nil || Self.isActive(result.state)
            || derivation.hasQuestions
            || (own.id != .nobody && !own.isRegistered && Self.isUndecided(matter.id, result.state))
        let undecided = isOpen ? nil : undecidedUntil(matter, result.state, own, policy)
        let isMoved =
            isElsewhere || isOpen != matter.isOpen || undecided != matter.undecidedUntil || move != nil
        matter.isOpen = isOpen
        matter.undecidedUntil = undecided
        var news = move.map { [$0.transition(at: now)] } ?? []
        if let former {
            news.append(Self.moved(matter.state, from: former, at: now))
        }
        record(result, accepted, news, derivation, &matter, policy, &prepared, now: now, moves: isMoved)
        return result.emissions
    }

    private func record(
        _ result: StepResult,
        _ accepted: [Transition],
        _ news: [Transition],
        _ derivation: Derivation,
        _ matter: inout StoredMatter,
        _ policy: Policy,
        _ prepared: inout Prepared,
        now: Instant,
        moves: Bool
    ) {
        let isChanged =
            !accepted.isEmpty || result.state != matter.state || result.wakeAt != matter.wakeAt
            || matter.version == 0 || matter.facts.isEmpty || moves
        guard isChanged else { return }
        var entries = accepted + news
        if derivation.orphanedSince != nil, !accepted.isEmpty {
            prepared.setAside.append(SetAside(matter: matter.id, parked: accepted.count))
            entries.append(
                Transition(
                    action: "event.parked",
                    rule: nil,
                    article: nil,
                    cycle: 0,
                    at: now,
                    fields: .object([])
                )
            )
        }
        var notifications = result.notifications
        if hasReaders {
            let traces = Traces(accepted, derivation)
            entries += traces.marked(result.transitions)
            traces.mark(&notifications)
            entries += notifications.map(Self.requested)
        } else {
            entries += result.transitions
        }
        entries += result.silenced.map(Self.silenced)
        if !entries.isEmpty {
            prepared.commit.journal.append(
                JournalRecord(
                    matter: matter.id,
                    enterprise: matter.enterprise,
                    policyVersion: policy.version,
                    at: now,
                    entries: entries
                )
            )
        }
        let arrival = Self.arrival(matter, accepted, prepared)
        for var notification in notifications {
            notification.arrivedAt = arrival
            prepared.commit.notifications.append(notification)
        }
        prepared.commit.silenced += result.silenced
        let article = derivation.allocation.map { "第\($0.article)条" } ?? ""
        prepared.commit.ledger += result.postings.map {
            LedgerEntry(
                posting: $0,
                at: now,
                ruleVersion: policy.version,
                basis: policy.document + article
            )
        }
        let orphans = result.orphans ? matter.facts.map { Self.orphan($0, now) } : []
        let reversed = result.refused.map { Self.reversed($0, now) }
        prepared.rejected += reversed
        if !orphans.isEmpty || !reversed.isEmpty {
            prepared.commit.deadLetters += orphans + reversed
            prepared.setAside.append(SetAside(matter: matter.id, letters: orphans.count + reversed.count))
        }
        for fact in matter.facts.suffix(accepted.count) where !fact.isReflected {
            prepared.eventLags.append(now - fact.at)
        }
        for breach in result.transitions where breach.action == "deadline.breached" {
            prepared.breachLateness.append(
                now - max(breach.at, matter.facts.lazy.map(\.receivedAt).max() ?? breach.at)
            )
        }
        if hasReaders { prepared.commit.figures.replace(matter.state, with: result.state) }
        matter.state = result.state
        matter.wakeAt = result.wakeAt
        matter.version += 1
        prepared.commit.matters.append(matter.withoutFacts)
        matter.markOnRecord()
        if let wake = result.wakeAt { prepared.earliestWake = min(prepared.earliestWake ?? wake, wake) }
    }

    /// When what made a matter turn reached its topic: its own latest new fact, else the batch's, for a roster or
    /// an enterprise that changed; nil when nothing did.
    private static func arrival(
        _ matter: StoredMatter,
        _ accepted: [Transition],
        _ prepared: Prepared
    ) -> Instant? {
        let own = matter.facts.suffix(accepted.count).lazy.map(\.receivedAt).max()
        return own ?? (prepared.lastArrival > .distantPast ? prepared.lastArrival : nil)
    }

    private static func isActive(_ state: MatterState) -> Bool {
        state.records.contains { !$0.isWithdrawn && $0.phase.isActive && $0.kind != "notice" }
    }
}
