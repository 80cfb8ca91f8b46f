import Duty
import Testing

@testable import Delivery

/// A lane and what it has handed out.
private struct Road {
    var lane: Lane
    var out: [Parcel] = []

    init(_ policy: ChannelPolicy) { lane = Lane(policy) }

    /// Keys of everything that leaves at `now`; those of one message in brackets.
    mutating func leave(at now: Instant = noon) -> [String] {
        var keys: [String] = []
        while let parcel = lane.next(at: now) {
            let members = parcel.jobs.map(\.key)
            keys.append(members.count == 1 ? members[0] : "[" + members.joined(separator: " ") + "]")
            out.append(parcel)
        }
        return keys
    }

    mutating func end(_ outcome: SendOutcome = delivered, at now: Instant = noon) {
        for parcel in out { lane.finished(parcel, outcome, at: now) }
        out = []
    }
}

private func job(
    _ key: String,
    code: String = "N13",
    urgency: Int = 1,
    person: PersonRef = "P-1",
    at: Instant = noon,
    dueAt: Instant? = noon
) -> Job {
    let notification = sample(
        key,
        code: code,
        person: person,
        urgency: urgency,
        requestedAt: at,
        dueAt: dueAt
    )
    let item = OutboxItem(notification: notification, state: .pending, attempts: [])
    return Job(item: item, channel: "c", number: 1, at: at)
}

@Suite struct LaneTests {
    @Test func urgentFirstAndNoMoreThanAllowed() {
        var road = Road(ChannelPolicy(concurrency: 2))
        for (key, urgency) in [("c", 2), ("a", 0), ("b", 1)] { road.lane.add(job(key, urgency: urgency)) }
        #expect(road.leave() == ["a", "b"])
        road.end()
        #expect(road.leave() == ["c"])
    }

    @Test func isStuckOnceNothingComesBackAndTrustedAgainBitByBit() {
        var road = Road(ChannelPolicy(concurrency: 1, breaker: CircuitBreaker(threshold: 1)))
        for key in ["a", "b", "c"] { road.lane.add(job(key)) }
        #expect(road.leave() == ["a"])
        #expect(!road.lane.isStuck(at: noon + .seconds(1)))
        #expect(road.lane.isStuck(at: noon + .seconds(2)))
        #expect(road.lane.capacity(from: 10, to: 10_000) == 778)
        road.lane.noteStuck()
        #expect(road.lane.capacity(from: 10, to: 1_000) == 10)
        road.end(at: noon + .seconds(3))
        #expect(!road.lane.isStuck(at: noon + .seconds(3)))
        #expect(road.lane.capacity(from: 10, to: 1_000) == 42)
        #expect(road.leave(at: noon + .seconds(3)) == ["b"])
        road.end(again, at: noon + .seconds(4))
        // Its breaker is open.
        #expect(road.lane.isStuck(at: noon + .seconds(4)))
    }

    /// One message that takes long, with nothing behind it, is none of anybody's business.
    @Test func isNotStuckByOneSlowMessage() {
        var road = Road(ChannelPolicy(concurrency: 2))
        road.lane.add(job("a"))
        #expect(road.leave() == ["a"])
        #expect(!road.lane.isStuck(at: noon + .minutes(1)))
    }

    @Test func waitsForTimeBudgetAndPerson() {
        var road = Road(
            ChannelPolicy(
                budget: [.init(2, per: .seconds(60))],
                personBudget: [.init(1, per: .seconds(10))]
            )
        )
        road.lane.add(job("late", person: "P-3", at: noon + .seconds(5)))
        road.lane.add(job("a"))
        road.lane.add(job("b"))
        road.lane.add(job("c", person: "P-2"))
        #expect(road.leave() == ["a", "c"])
        // Nobody knows when those under way count, so nothing follows before they have ended.
        #expect(road.leave(at: noon + .minutes(5)) == [])
        road.end(at: noon)
        #expect(road.lane.wakeAt() == noon + .seconds(60))
        #expect(road.leave(at: noon + .seconds(59)) == [])
        #expect(road.leave(at: noon + .seconds(60)) == ["b", "late"])
    }

    @Test func aRecipientAndATemplateHaveBudgetsOfTheirOwn() {
        var road = Road(ChannelPolicy(templateBudget: [.init(1, per: .minutes(1))]))
        for (key, code, person) in [
            ("a", "N13", "P-1"), ("b", "N13", "P-1"), ("c", "N14", "P-1"), ("d", "N13", "P-2"),
        ] { road.lane.add(job(key, code: code, person: PersonRef(person))) }
        #expect(road.leave() == ["a", "c", "d"])
        road.end(at: noon + .seconds(3))
        #expect(road.leave(at: noon + .seconds(62)) == [])
        #expect(road.lane.wakeAt() == noon + .seconds(63))
        #expect(road.leave(at: noon + .seconds(63)) == ["b"])
    }

    @Test func whatEarlierRunsSentCounts() {
        var road = Road(ChannelPolicy(templateBudget: [.init(2, per: .days(1))]))
        let counted = Counted(who: "P-1", template: "N13")
        road.lane.remember(counted, noon - .hours(20))
        road.lane.remember(counted, noon - .hours(1))
        road.lane.add(job("a"))
        #expect(road.leave() == [])
        #expect(road.leave(at: noon + .hours(4)) == ["a"])
    }

    @Test func openBreakerLetsOneProbeThrough() {
        var road = Road(ChannelPolicy(breaker: CircuitBreaker(threshold: 1, pause: .seconds(30))))
        road.lane.add(job("a"))
        _ = road.leave()
        road.end(again)
        #expect(road.lane.blockedUntil(at: noon) == noon + .seconds(30))
        #expect(road.lane.blockedUntil(at: noon + .seconds(30)) == nil)
        road.lane.add(job("b"))
        road.lane.add(job("c"))
        #expect(road.lane.blockedUntil(at: noon + .seconds(30)) != nil)
        #expect(road.leave() == [])
        #expect(road.leave(at: noon + .seconds(30)) == ["b"])
        #expect(road.lane.drain().count == 1)
    }

    @Test func whatDidNotStartComesFirstAgainAndCostsNothing() {
        var road = Road(
            ChannelPolicy(budget: [.init(1, per: .minutes(1))], personBudget: [.init(1, per: .minutes(1))])
        )
        road.lane.add(job("a"))
        road.lane.add(job("b"))
        #expect(road.leave() == ["a"])
        for parcel in road.out { road.lane.giveBack(parcel, at: noon) }
        road.out = []
        #expect(road.leave() == ["a"])
    }

    // MARK: Patience

    @Test func aBreachLosesPatienceAfterAMinuteAndAnythingElseAfterTen() {
        var road = Road(ChannelPolicy(concurrency: 1))
        for (key, urgency) in [("a", 0), ("b", 0), ("c", 2)] {
            road.lane.add(job(key, urgency: urgency))
        }
        #expect(road.leave() == ["a"])
        #expect(road.lane.impatient(at: noon + .seconds(59)).map(\.key) == [])
        #expect(road.lane.impatient(at: noon + .seconds(60)).map(\.key) == ["b"])
        #expect(Set(road.lane.impatient(at: noon + .minutes(10)).map(\.key)) == ["b", "c"])
    }

    @Test func aWaitThatIsSureToBeTooLongIsNotWaitedFor() {
        var road = Road(ChannelPolicy(personBudget: [.init(1, per: .minutes(5))]))
        road.lane.add(job("a", urgency: 0))
        road.lane.add(job("b", urgency: 0))
        #expect(road.leave() == ["a"])
        #expect(road.lane.impatient(at: noon).isEmpty)
        road.end()
        #expect(road.leave() == [])
        #expect(road.lane.impatient(at: noon).map(\.key) == ["b"])
    }

    @Test func aJobIsTakenOverOnlyIfItCanLeaveAtOnce() {
        var road = Road(ChannelPolicy(concurrency: 2, personBudget: [.init(1, per: .minutes(1))]))
        #expect(road.lane.wouldTake(job("a"), at: noon))
        road.lane.accept(job("a"))
        #expect(road.leave() == ["a"])
        #expect(!road.lane.wouldTake(job("b"), at: noon))
        #expect(road.lane.wouldTake(job("c", person: "P-2"), at: noon))
        road.lane.accept(job("c", person: "P-2"))
        #expect(!road.lane.wouldTake(job("d", person: "P-3"), at: noon))
        road.lane.remove("c")
        #expect(road.lane.wouldTake(job("d", person: "P-3"), at: noon))
    }

    // MARK: Several as one

    private static let calm = noon + .hours(20)

    @Test func moreThanFiveOfAKindLeaveAsOne() {
        var road = Road(ChannelPolicy(grouping: Grouping()))
        for index in 0..<6 { road.lane.add(job("a\(index)", urgency: 0)) }
        for index in 0..<5 { road.lane.add(job("b\(index)", code: "N14", urgency: 0)) }
        road.lane.add(job("other", urgency: 0, person: "P-2"))
        #expect(road.leave() == ["[a0 a1 a2 a3 a4 a5]", "b0", "b1", "b2", "b3", "b4", "other"])
    }

    @Test func whatIsFarApartInTimeIsToldOneByOne() {
        var road = Road(ChannelPolicy(grouping: Grouping()))
        for index in 0..<8 { road.lane.add(job("a\(index)", urgency: 0, at: noon + .minutes(Int64(index)))) }
        #expect(road.leave(at: noon + .hours(2)).count == 8)
    }

    @Test(arguments: ["N60", "N72", "N89", "N04"]) func accusationsAndSharesAlwaysStandAlone(code: String) {
        var road = Road(ChannelPolicy(grouping: Grouping()))
        for index in 0..<9 { road.lane.add(job("a\(index)", code: code, dueAt: nil)) }
        #expect(road.leave().count == 9)
    }

    @Test func afterFiveTheNextOnesGatherUnlessTheyPress() {
        var road = Road(ChannelPolicy(grouping: Grouping()))
        for index in 0..<5 { road.lane.add(job("a\(index)", dueAt: Self.calm)) }
        #expect(road.leave().count == 5)
        for index in 5..<15 {
            road.lane.add(job("b\(index)", at: noon + .seconds(Int64(index)), dueAt: Self.calm))
        }
        road.lane.add(job("breach", urgency: 0, at: noon + .seconds(15)))
        road.lane.add(job("soon", at: noon + .seconds(15), dueAt: noon + .minutes(20)))
        #expect(road.leave(at: noon + .seconds(20)) == ["breach", "soon"])
        #expect(road.leave(at: noon + .seconds(179)) == [])
        let gathered = road.leave(at: noon + .seconds(200))
        #expect(gathered.count == 1 && gathered[0].split(separator: " ").count == 10)
    }

    @Test func aMessageOfManyCostsOne() {
        var road = Road(
            ChannelPolicy(
                budget: [.init(2, per: .minutes(1))],
                templateBudget: [.init(1, per: .minutes(1))],
                grouping: Grouping()
            )
        )
        for index in 0..<40 { road.lane.add(job("a\(index)", urgency: 0)) }
        road.lane.add(job("b", person: "P-2"))
        #expect(road.leave().map { $0.prefix(3) } == ["[a0", "b"])
    }
}
