import Duty
import Storage

/// Silences and dead letters.
extension SupervisorDesk {
    /// The longest that a silence may last, set by hand.
    package static let longestSilence = Span.days(31)

    /// Keeps messages back from `from`, or from now on, until `until`.
    package func silence(
        _ scope: Silence.Scope,
        from: Instant?,
        until: Instant,
        because reason: String?,
        by caller: Caller,
        id: String? = nil
    ) async throws(Refusal) -> Receipt {
        let reason = try Self.checked(reason)
        let now = clock.now()
        let from = from ?? now
        guard until > max(from, now), until - from <= Self.longestSilence else {
            throw Refusal(
                .invalid,
                "badTime",
                "until lies after from and after now, and at most 31 days later"
            )
        }
        let id = id ?? "SL-" + Self.fresh()
        let data: [Value.Member] = [
            Value.Member("silenceId", .string(id)), Value.Member("scope", scope.value),
            Value.Member("from", .string(from.rfc3339)), Value.Member("until", .string(until.rfc3339)),
        ]
        _ = try await take(.silenceSet, data, reason, caller, Self.fresh(), about: nil)
        return Receipt(requestID: id, matter: MatterID(type: .silence, number: id))
    }

    /// Ends a silence before its time.
    package func end(
        silence id: String,
        because reason: String?,
        by caller: Caller
    ) async throws(Refusal) -> Receipt {
        let reason = try Self.checked(reason)
        let matter = try await self.matter(MatterID(type: .silence, number: id))
        guard let silence = Silence(facts: matter.facts), silence.until > clock.now() else {
            throw Refusal(.conflict, "silenceIsOver", "the silence \(id) is over")
        }
        let data = [Value.Member("silenceId", .string(id))]
        _ = try await take(.silenceEnded, data, reason, caller, Self.fresh(), about: nil)
        return Receipt(requestID: id, matter: matter.id)
    }

    /// A silence with how many matters have something that it keeps back.
    package struct Held: Sendable {
        package let silence: Silence
        package let matters: Int
    }

    /// All there are, those that hold or lie ahead first.
    package func silences() async throws(Refusal) -> [Held] {
        do {
            let known = try await store.matters(try await store.matterIDs(of: .silence))
            var held: [Held] = []
            for silence in known.compactMap({ Silence(facts: $0.facts) }) {
                let waiting = try await store.silencedMatters(by: silence.id)
                held.append(Held(silence: silence, matters: waiting.count))
            }
            return held.sorted { ($0.silence.until, $0.silence.id) > ($1.silence.until, $1.silence.id) }
        } catch {
            throw Self.storeAway
        }
    }

    // MARK: Dead letters

    /// Puts a dead letter back onto its topic, as it came.
    package func retry(_ letter: DeadLetter, because reason: String?, by caller: Caller) async throws(Refusal)
    {
        let reason = try Self.checked(reason)
        guard letter.state != .discarded else {
            throw Refusal(
                .conflict,
                "letterIsDiscarded",
                "dead letter \(letter.number) was put aside for good; send the event anew"
            )
        }
        do {
            try await putBack(letter)
        } catch {
            throw Refusal(.unavailable, "kafkaAway", "\(error)")
        }
        try await settle(letter, .retried, reason, caller)
    }

    /// Puts a dead letter aside for good.
    package func discard(
        _ letter: DeadLetter,
        because reason: String?,
        by caller: Caller
    ) async throws(Refusal) {
        try await settle(letter, .discarded, try Self.checked(reason), caller)
    }

    private func settle(
        _ letter: DeadLetter,
        _ state: DeadLetter.State,
        _ reason: String,
        _ caller: Caller
    ) async throws(Refusal) {
        do {
            try await settleLetters([letter.number], state, caller.actor, reason)
        } catch {
            throw Self.storeAway
        }
    }
}

extension Silence.Scope {
    /// As an event has it.
    var value: Value {
        let fields: [(String, String?)] = [
            ("matter", matter?.text), ("enterpriseId", enterprise?.text), ("ruleId", rule?.text),
            ("role", role?.text), ("personRef", person?.text),
        ]
        let members = fields.compactMap { name, text in text.map { Value.Member(name, .string($0)) } }
        return members.isEmpty ? ["all": true] : .object(members)
    }
}
