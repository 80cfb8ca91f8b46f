import Duty
import Testing

/// What supervisors look at, counted from the states of matters.
@Suite struct FiguresTests {
    private static let noon = Instant(microseconds: 1_780_000_000_000_000)

    private func record(
        _ phase: Obligation.Phase,
        _ rule: RuleID = "A22.response",
        isWithdrawn: Bool = false
    ) -> MatterState.Record {
        MatterState.Record(
            key: ObligationKey(rule: rule, cycle: 1),
            article: 22,
            kind: "deadline",
            openedAt: Self.noon,
            dueAt: Self.noon,
            phase: phase,
            metAt: nil,
            breachedAt: nil,
            isLateIngest: false,
            isWithdrawn: isWithdrawn,
            warnedRung: -1
        )
    }

    private func state(_ records: MatterState.Record...) -> MatterState {
        var state = MatterState()
        state.records = records
        return state
    }

    struct Row: Sendable {
        let phase: Obligation.Phase
        let due: Int64
        let inTime: Int64
    }

    @Test(arguments: [
        Row(phase: .open, due: 0, inTime: 0), Row(phase: .met, due: 1, inTime: 1),
        Row(phase: .metLate, due: 1, inTime: 0), Row(phase: .breached, due: 1, inTime: 0),
        Row(phase: .cancelled, due: 0, inTime: 0), Row(phase: .breachedThenCancelled, due: 1, inTime: 0),
    ])
    func aRateIsOfWhatHasFallenDue(_ row: Row) {
        let rate = Figures(state(record(row.phase))).responses.rate
        #expect(rate == Figures.Rate(part: row.inTime, whole: row.due))
        #expect(rate.ratio == (row.due == 0 ? nil : Double(row.inTime)))
    }

    @Test func eachClockCountsForItselfAndOtherRulesForNone() {
        let figures = Figures(
            state(
                record(.met),
                record(.breached, "A22.solution"),
                record(.breached, "A09.general"),
                record(.breached, isWithdrawn: true)
            )
        )
        #expect(figures.responses.rate == Figures.Rate(part: 1, whole: 1))
        #expect(figures.solutions.rate == Figures.Rate(part: 0, whole: 1))
    }

    @Test func theLedgerIsWhatPeopleBearWhatIsHeldAndWhatWasPaid() {
        var fine = MatterState()
        func posted(_ person: PersonRef?, _ fen: Int64) -> MatterState.Posted {
            MatterState.Posted(
                person: person,
                role: "park.staff",
                amount: Fen(fen),
                toldAmount: nil,
                toldFine: nil
            )
        }
        fine.posted = [posted("P-1", 300), posted("P-2", 200), posted(nil, 40)]
        fine.settled = [
            EventKey(source: "/", id: "1"): MatterState.Settled(person: "P-1", amount: Fen(100)),
            EventKey(source: "/", id: "2"): MatterState.Settled(person: "P-1", amount: Fen(-30)),
        ]
        let figures = Figures(fine)
        #expect(figures.postedFen == 500 && figures.heldFen == 40 && figures.settledFen == 70)
    }

    @Test func replacingTakesOffWhatThereWas() {
        let (open, late, gone) = (
            state(record(.open)), state(record(.metLate)), state(record(.met, isWithdrawn: true))
        )
        var sum = Figures(state(record(.breached)))
        sum.replace(MatterState(), with: open)
        sum.replace(open, with: late)
        #expect(sum.responses.late == 1 && sum.responses.missing == 1)
        sum.replace(late, with: gone)
        #expect(sum == Figures(state(record(.breached))))
    }

    @Test func everyNumberIsAddedUnderANameOfItsOwn() {
        var figures = Figures()
        for (index, number) in Figures.numbers.enumerated() {
            figures[keyPath: number.path] = Int64(index + 1)
        }
        #expect(
            Figures.numbers.map { figures[keyPath: $0.path] } == Figures.numbers.indices.map { Int64($0 + 1) }
        )
        #expect(Set(Figures.numbers.map(\.name)).count == Figures.numbers.count)
        var sum = figures
        sum += figures
        #expect(Figures.numbers.allSatisfy { sum[keyPath: $0.path] == 2 * figures[keyPath: $0.path] })
    }

    @Test func amountsBeyondAllSenseDoNotEndTheProcess() {
        var fine = MatterState()
        fine.posted = ["P-1", "P-2"].map {
            MatterState.Posted(
                person: $0,
                role: "park.staff",
                amount: Fen(.max),
                toldAmount: nil,
                toldFine: nil
            )
        }
        var sum = Figures(fine)
        sum.replace(fine, with: MatterState())
        #expect(sum == Figures())
    }
}
