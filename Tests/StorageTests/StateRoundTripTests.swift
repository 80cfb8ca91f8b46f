import Duty
import Storage
import Testing

/// Random states go into a store and come back the same.
@Suite struct StateRoundTripTests {
    @Test(arguments: StoreKind.all) func anyStateComesBackAsItWas(_ kind: StoreKind) async throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = RandomState(seed: seed)
        let states = (0..<300).map { _ in random.state() }
        try await kind.with { store in
            _ = try await store.commit(
                Commit {
                    $0.matters = states.enumerated().map {
                        Sample.matter(MatterID("complaint/\($0)"), state: $1)
                    }
                }
            )
            let ids = states.indices.map { MatterID("complaint/\($0)") }
            let read = try await store.matters(ids).map(\.state)
            #expect(read.count == states.count)
            for (index, (before, after)) in zip(states, read).enumerated() {
                #expect(before == after, "state \(index) of seed \(seed)")
            }
        }
    }
}

/// Makes states of any shape, also such as no policy would bring about.
private struct RandomState {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    private static let words = [
        "", "a", "A22.response", "规则", "\"\\\n\u{0}", "🕐", "P-1032", "x|y~2", "e\u{301}",
    ]

    private mutating func word() -> String { Self.words.randomElement(using: &generator) ?? "" }
    private mutating func integer() -> Int64 {
        generator.chance(20)
            ? [.min, .max, 0, -1].randomElement(using: &generator) ?? 0
            : .random(in: -99...99, using: &generator)
    }
    private mutating func maybe<Made>(_ make: (inout RandomState) -> Made) -> Made? {
        generator.chance(50) ? make(&self) : nil
    }
    private mutating func many<Made>(_ make: (inout RandomState) -> Made) -> [Made] {
        (0..<Int.random(in: 0...4, using: &generator)).map { _ in make(&self) }
    }
    private mutating func instant() -> Instant { Instant(microseconds: integer()) }
    private mutating func key() -> ObligationKey {
        ObligationKey(rule: RuleID(word()), cycle: Int(integer()), subject: word())
    }

    private mutating func record() -> MatterState.Record {
        let phases: [Obligation.Phase] = [
            .open, .breached, .met, .metLate, .cancelled, .breachedThenCancelled,
        ]
        var record = MatterState.Record(
            key: key(),
            article: Int(integer()),
            kind: word(),
            openedAt: instant(),
            dueAt: maybe { $0.instant() },
            phase: phases.randomElement(using: &generator) ?? .open,
            metAt: maybe { $0.instant() },
            breachedAt: maybe { $0.instant() },
            isLateIngest: generator.chance(50),
            isWithdrawn: generator.chance(50),
            warnedRung: Int(integer())
        )
        record.isProvisional = generator.chance(50)
        record.amount = maybe { Fen($0.integer()) }
        return record
    }

    private mutating func told() -> MatterState.Told {
        var told = MatterState.Told(
            obligation: key(),
            recipient: Recipient(person: PersonRef(word()), role: RoleID(word())),
            messageClass: MessageClass(word()),
            rung: Int(integer()),
            isAlarm: generator.chance(50),
            turn: Int(integer()),
            isClosed: generator.chance(50),
            dueAt: maybe { $0.instant() },
            key: word()
        )
        told.asked = maybe { values in
            MatterState.Told.Asked(
                turn: Int(values.integer()),
                at: values.instant(),
                again: Int(values.integer()),
                unanswered: Int(values.integer())
            )
        }
        return told
    }

    private mutating func posted() -> MatterState.Posted {
        MatterState.Posted(
            person: maybe { PersonRef($0.word()) },
            role: RoleID(word()),
            amount: Fen(integer()),
            toldAmount: maybe { Fen($0.integer()) },
            toldFine: maybe { Fen($0.integer()) }
        )
    }

    mutating func state() -> MatterState {
        var state = MatterState()
        state.records = many { $0.record() }
        state.told = many { $0.told() }
        state.posted = many { $0.posted() }
        state.entryKeys = Set(many { $0.word() })
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            state.settled[EventKey(source: word(), id: word())] = MatterState.Settled(
                person: PersonRef(word()),
                amount: Fen(integer())
            )
        }
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            state.refundDue[PersonRef(word())] = Fen(integer())
        }
        for _ in 0..<Int.random(in: 0...2, using: &generator) { state.silenced[word()] = word() }
        state.isOrphanReported = generator.chance(50)
        state.refused = Set(many { EventKey(source: $0.word(), id: $0.word()) })
        return state
    }
}
