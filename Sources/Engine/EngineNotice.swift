import Duty
import Storage

extension Engine {
    /// Puts on record what the program has found of itself, and tells a role of it, in one commit.
    ///
    /// With `message` and `stage`: what the holders of `role` are told, once for each stage; nil: nobody is.
    /// - Throws: `BatchSuperseded` while the store is away.
    package func note(
        _ action: String,
        _ fields: Value,
        role: RoleID,
        stage: String,
        message: String?
    ) async throws {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken, let book = processor?.book else { throw BatchSuperseded() }
        do {
            try await inFlight?.value
            let now = clock.now()
            var prepared = Prepared()
            if let message { prepared.commit.notifications = notices(message, stage, role, book, now) }
            let entry = Transition(action: action, rule: nil, article: nil, cycle: 0, at: now, fields: fields)
            prepared.commit.journal = [
                JournalRecord(
                    matter: Self.system,
                    enterprise: nil,
                    at: now,
                    entries: [entry] + prepared.commit.notifications.map(Processor.requested)
                )
            ]
            start(prepared)
            try await inFlight?.value
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }

    /// What concerns no matter of the county, but the program itself.
    private static let system: MatterID = "system/reachability"
    private static let rule: RuleID = "system.reachability"

    private func notices(
        _ message: String,
        _ stage: String,
        _ role: RoleID,
        _ book: RuleBook,
        _ now: Instant
    ) -> [Notification] {
        let resolver = RecipientResolver(policy: book.current, directory: book.directory)
        let people = resolver.people(
            for: role,
            enterprise: Enterprise(id: .nobody, facts: []),
            opening: nil,
            at: now
        )
        return people.map { recipient in
            Notification(
                key: [Self.rule.text, Self.system.text, "1", stage, recipient.person.text]
                    .joined(separator: "|"),
                code: "N91",
                rule: Self.rule,
                article: 0,
                matter: Self.system,
                enterprise: .nobody,
                cycle: 1,
                stage: stage,
                messageClass: .personal,
                recipient: recipient,
                dueAt: nil,
                requestedAt: now,
                urgency: 3,
                withdraws: nil,
                values: ["message": .string(message)]
            )
        }
    }
}
