import Testing

@testable import Duty

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
        let rate = Figures(state(record(row.phase))).clock(["A22.response"]).rate
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
        #expect(figures.clock(["A22.response"]).rate == Figures.Rate(part: 1, whole: 1))
        #expect(figures.clock(["A22.solution"]).rate == Figures.Rate(part: 0, whole: 1))
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
        let clock = sum.clock(["A22.response"])
        #expect(clock.late == 1 && clock.missing == 1)
        sum.replace(late, with: gone)
        #expect(sum == Figures(state(record(.breached))))
    }

    @Test func whatIsOpenIsCountedByRule() {
        var notice = record(.open, "t")
        notice.kind = "notice"
        var late = record(.breached, "s")
        late.isLateIngest = true
        var sum = Figures(
            state(record(.open, "r"), late, notice, record(.open, "u", isWithdrawn: true), record(.met, "v"))
        )
        sum += Figures(state(record(.breached, "r")))
        #expect(sum.openByRule == ["r": 2, "s": 1] && sum.total.openByRule == ["r": 2, "s": 1])
    }

    @Test func whatCameTooLateIsCountedApart() {
        var late = record(.breached)
        late.isLateIngest = true
        let clock = Figures(state(late, record(.met))).clock(["A22.response"])
        #expect(clock.rate == Figures.Rate(part: 1, whole: 1) && clock.lateIngest == 1)
    }

    @Test func aDayIsThatOfTheDueDateAndMidnightEndsTheDayBefore() {
        var atMidnight = record(.breached)
        atMidnight.dueAt = CivilDate(Self.noon).next.start
        var never = record(.open)
        never.dueAt = nil
        let figures = Figures(state(atMidnight, never))
        #expect(Set(figures.counts.keys.map(\.day)) == [CivilDate(Self.noon)])
        // Two phases, what never ends once more for its age, and the matter that waits.
        #expect(figures.total.counts.keys.allSatisfy { $0.day == nil } && figures.total.counts.count == 4)
    }

    @Test(
        arguments: [
            (-5, 0), (0, 0), (1, 1), (60, 1), (61, 2), (1_800, 30), (1_801, 31), (99 * 60, 99),
            (99 * 60 + 1, 100),
            (101 * 60, 110), (119 * 60, 120), (24 * 3_600, 1_500), (1_501 * 60, 1_600),
        ] as [(Int64, Int64)]
    )
    func aTimeIsRoundedUpToTwoDigits(_ seconds: Int64, _ minutes: Int64) {
        #expect(DoneTime(.seconds(seconds)).minutes == minutes)
    }

    /// Of ten, the fifth is in the middle and the ninth ends nine tenths; what is late only for its event is left out.
    @Test func aMedianIsOfWhatWasDone() {
        var sum = Figures()
        for minutes in 1...10 {
            var done = record(minutes < 6 ? .met : .metLate)
            done.metAt = Self.noon + .minutes(Int64(minutes))
            sum += Figures(state(done))
        }
        var late = record(.metLate)
        late.metAt = Self.noon + .minutes(500)
        late.isLateIngest = true
        sum += Figures(state(late, record(.open), record(.breached), record(.met, isWithdrawn: true)))
        func rate(_ measure: SupervisorRate.Measure) -> Figures.Rate {
            SupervisorRate(name: "m", title: Wording("", ""), measure: measure, rules: ["A22.response"])
                .value(sum, on: CivilDate(Self.noon))
        }
        #expect(rate(.median) == Figures.Rate(part: 5, whole: 10))
        #expect(rate(.p90) == Figures.Rate(part: 9, whole: 10))
        #expect(rate(.inTime) == Figures.Rate(part: 5, whole: 11), "times are no cases")
        #expect(sum.clock(["A22.response"]).lateIngest == 1)
        #expect(Figures().minutes(["A22.response"], percent: 50) == (0, 0))
    }

    @Test func whatWaitsHasAnAge() {
        let day = CivilDate(Self.noon)
        var old = record(.breached)
        old.openedAt = Self.noon - .days(40)
        var duty = record(.open)
        duty.kind = "duty"
        duty.openedAt = Self.noon - .days(200)
        #expect(state(record(.open), old, duty).waitingSince == day.adding(days: -40))
        #expect(state(record(.met), duty, record(.open, isWithdrawn: true)).waitingSince == nil)
        let waiting: [CivilDate: Int64] = [
            day: 1, day.adding(days: -1): 2, day.adding(days: -3): 3, day.adding(days: -4): 4,
            day.adding(days: -15): 5, day.adding(days: -30): 6, day.adding(days: -31): 7, day.next: 8,
        ]
        #expect(AgeBand.all(waiting, on: day).map(\.count) == [9, 5, 4, 5, 6, 7])
    }

    @Test func theServedAreCountedByWhatTheySay() {
        func rated(_ isSolved: Bool, _ isSatisfied: Bool) -> MatterState {
            var state = MatterState()
            state.rating = MatterState.Rating(at: Self.noon, isSolved: isSolved, isSatisfied: isSatisfied)
            return state
        }
        var sum = Figures(rated(true, true))
        sum += Figures(rated(true, false))
        sum.replace(rated(true, false), with: rated(false, false))
        let solved = SupervisorRate(name: "s", title: Wording("", ""), measure: .solved, rules: [])
        #expect(solved.value(sum, on: CivilDate(Self.noon)) == Figures.Rate(part: 1, whole: 2))
        sum.replace(rated(false, false), with: MatterState())
        #expect(solved.value(sum, on: CivilDate(Self.noon)) == Figures.Rate(part: 1, whole: 1))
    }

    @Test(arguments: [
        (SupervisorRate.Measure.inTime, Figures.Rate(part: 2, whole: 5)),
        (.done, Figures.Rate(part: 3, whole: 5)),
        (.closedInTime, Figures.Rate(part: 2, whole: 3)), (.late, Figures.Rate(part: 3, whole: 5)),
        (.breaches, Figures.Rate(part: 3, whole: 0)),
        (.open, Figures.Rate(part: 2, whole: 0)),
    ])
    func aMeasureCountsWhatItsNameSays(_ measure: SupervisorRate.Measure, _ value: Figures.Rate) {
        let phases: [Obligation.Phase] = [
            .met, .met, .metLate, .breached, .breachedThenCancelled, .cancelled, .open,
        ]
        var sum = Figures()
        for phase in phases { sum += Figures(state(record(phase))) }
        let rate = SupervisorRate(
            name: "r",
            title: Wording("", ""),
            measure: measure,
            rules: ["A22.response"]
        )
        #expect(rate.value(sum, on: CivilDate(Self.noon)) == value)
    }

    private func value(
        _ measure: SupervisorRate.Measure,
        _ sum: Figures,
        days: Int = 0
    ) -> Figures.Rate {
        SupervisorRate(name: "r", title: Wording("", ""), measure: measure, rules: ["A22.response"])
            .value(sum, on: CivilDate(Self.noon).adding(days: days))
    }

    /// The first cycle was done, late or not, and the second shows that it was opened again; what was never done, or is
    /// late for its event alone, is not.
    @Test func whatWasDoneCanBeOpenedAgain() {
        func cycles(_ phases: Obligation.Phase..., isLateIngest: Bool = false) -> MatterState {
            var state = MatterState()
            for (index, phase) in phases.enumerated() {
                var template = record(phase)
                template.isLateIngest = isLateIngest
                let key = ObligationKey(rule: "A22.response", cycle: index + 1)
                state.records.append(template.with(key))
            }
            return state
        }
        var sum = Figures()
        for state in [cycles(.met, .open), cycles(.metLate, .met, .breached), cycles(.met)] {
            sum += Figures(state)
        }
        sum += Figures(cycles(.cancelled, .open))
        sum += Figures(cycles(.metLate, .open, isLateIngest: true))
        #expect(value(.reopened, sum) == Figures.Rate(part: 3, whole: 4))
        let before = cycles(.met, .open)
        var after = before
        after.records[1].isWithdrawn = true
        sum.replace(before, with: after)
        #expect(value(.reopened, sum) == Figures.Rate(part: 2, whole: 4), "a voided re-opening is none")
    }

    @Test func amountsAreThoseOfWhatWaitsAndOfAllThereWas() {
        func bill(_ phase: Obligation.Phase, _ fen: Int64?, daysAgo: Int64 = 0, due: Bool = false) -> Figures
        {
            var bill = record(phase)
            bill.amount = fen.map { Fen($0) }
            bill.openedAt = Self.noon - .days(daysAgo)
            if !due { bill.dueAt = nil }
            return Figures(state(bill))
        }
        var sum = Figures()
        sum += bill(.open, 500, daysAgo: 10)
        sum += bill(.open, nil, daysAgo: 3)
        sum += bill(.met, 70)
        sum += bill(.cancelled, 900)
        sum += bill(.met, 0)
        #expect(value(.owedAmount, sum) == Figures.Rate(part: 500, whole: 0))
        #expect(value(.billed, sum).part == 2 && value(.billedAmount, sum).part == 570)
        // Ten and three days, and five more: eleven and a half on average.
        #expect(value(.age, sum, days: 5) == Figures.Rate(part: 11, whole: 2))
        #expect(value(.age, Figures()) == Figures.Rate(part: 0, whole: 0))
        sum.replace(MatterState(), with: MatterState())
        #expect(sum.counts.keys.filter { $0.outcome == .sinceDay }.allSatisfy { $0.day != nil })
    }

    @Test func aCompositeWeighsItsSharesAndSaysNothingWithoutOneOfThem() {
        func rate(_ measure: SupervisorRate.Measure, _ parts: [SupervisorRate.Part] = []) -> SupervisorRate {
            SupervisorRate(
                name: measure.rawValue,
                title: Wording("", ""),
                measure: measure,
                rules: ["A22.response"],
                parts: parts
            )
        }
        let composite = rate(
            .composite,
            [.init(rate: rate(.done), weight: 30), .init(rate: rate(.solved), weight: 70)]
        )
        let today = CivilDate(Self.noon)
        var sum = Figures(state(record(.met), record(.breached), record(.metLate), record(.met)))
        #expect(composite.value(sum, on: today).ratio == nil && composite.cases(sum, on: today) == 0)
        var rated = MatterState()
        rated.rating = MatterState.Rating(at: Self.noon, isSolved: true, isSatisfied: false)
        sum += Figures(rated)
        rated.rating = MatterState.Rating(at: Self.noon, isSolved: false, isSatisfied: false)
        sum += Figures(rated)
        // 30 % of three quarters and 70 % of a half.
        #expect(composite.value(sum, on: today) == Figures.Rate(part: 5_750, whole: 10_000))
        #expect(composite.cases(sum, on: today) == 2)
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

extension MatterState.Record {
    fileprivate func with(_ key: ObligationKey) -> MatterState.Record {
        var copy = MatterState.Record(
            key: key,
            article: article,
            kind: kind,
            openedAt: openedAt,
            dueAt: dueAt,
            phase: phase,
            metAt: metAt,
            breachedAt: breachedAt,
            isLateIngest: isLateIngest,
            isWithdrawn: isWithdrawn,
            warnedRung: warnedRung
        )
        copy.amount = amount
        return copy
    }
}
