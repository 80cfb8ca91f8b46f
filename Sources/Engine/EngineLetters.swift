import Duty
import Storage

extension Engine {
    /// Puts on record what somebody has decided of dead letters, in one commit with their new state.
    ///
    /// - Throws: `BatchSuperseded` while the store is away.
    package func settle(
        letters: [Int64],
        as state: DeadLetter.State,
        by actor: Value,
        because reason: String
    ) async throws {
        await turnstile.enter()
        defer { turnstile.leave() }
        guard !isBroken else { throw BatchSuperseded() }
        do {
            try await inFlight?.value
            let now = clock.now()
            var prepared = Prepared()
            for letter in letters { prepared.commit.letterStates[letter] = state }
            prepared.commit.journal = [
                JournalRecord(
                    matter: nil,
                    enterprise: nil,
                    at: now,
                    entries: [
                        Transition(
                            action: "deadLetter." + state.rawValue,
                            rule: nil,
                            article: nil,
                            cycle: 0,
                            at: now,
                            fields: [
                                "letters": .array(letters.map { .string(String($0)) }),
                                "by": actor["personRef"] ?? actor, "byRole": actor["role"] ?? .null,
                                "reason": .string(reason),
                            ]
                        )
                    ]
                )
            ]
            start(prepared)
            try await inFlight?.value
        } catch {
            fail(error)
            throw BatchSuperseded()
        }
    }
}
