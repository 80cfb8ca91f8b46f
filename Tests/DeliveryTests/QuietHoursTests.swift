import Duty
import Testing

@testable import Delivery

@Suite struct QuietHoursTests {
    private let night = QuietHours(
        from: 22 * 60,
        until: 7 * 60,
        channels: ["sms"],
        breakThrough: ["A22.response", "N02"]
    )

    private func moment(_ text: String) throws -> Instant {
        try #require(Instant(rfc3339: "2026-11-\(text):00+08:00"))
    }

    @Test(arguments: [
        ("23T21:59", nil), ("23T22:00", "24T07:0"), ("24T00:00", "24T07:0"), ("24T06:59", "24T07:0"),
        ("24T07:00", nil), ("24T12:00", nil),
    ]) func restsThroughTheNight(now: String, until: String?) throws {
        let end = night.end(for: sample(code: "N20", urgency: 2), on: "sms", at: try moment(now))
        #expect((end != nil) == (until != nil))
        if let end, let until {
            #expect(end.local.dropFirst(8).replacing(" ", with: "T").hasPrefix(until))
            #expect(end > (try moment("24T07:00")))
        }
    }

    @Test func hoursWithinOneDay() throws {
        let lunch = QuietHours(from: 12 * 60, until: 14 * 60, channels: ["sms"], breakThrough: [])
        #expect(lunch.end(for: sample(), on: "sms", at: try moment("23T13:00")) != nil)
        #expect(lunch.end(for: sample(), on: "sms", at: try moment("23T14:00")) == nil)
        #expect(lunch.end(for: sample(), on: "sms", at: try moment("23T11:59")) == nil)
    }

    @Test func otherChannelsAndWhatBreaksThroughGoOn() throws {
        let late = try moment("23T23:00")
        #expect(night.end(for: sample(urgency: 2), on: "app", at: late) == nil)
        #expect(night.end(for: sample(urgency: 0), on: "sms", at: late) == nil)
        #expect(night.end(for: sample(urgency: 1), on: "sms", at: late) != nil)
        #expect(night.end(for: sample(code: "N02", urgency: 1), on: "sms", at: late) == nil)
    }

    @Test func aMessageWaitsForTheMorningWhereItsRowSaysSo() async throws {
        let (sms, outbox) = (
            ScriptedChannel("sms"), MemoryOutbox([sample("calm", urgency: 2), sample("alarm")])
        )
        let bench = Bench([sms], outbox: outbox) {
            $0.quietHours = QuietHours(
                from: 14 * 60,
                until: 15 * 60,
                channels: ["sms"],
                breakThrough: ["A22.response"]
            )
        }
        try await eventually { await outbox.nextAt("calm") != .distantPast }
        let morning = try #require(await outbox.nextAt("calm"))
        #expect(morning > noon + .minutes(25) && morning <= noon + .minutes(28))
        #expect(await outbox.state("calm") == .pending)
        #expect(await outbox.ends.first { $0.key == "calm" }?.nextChannel == "sms")
        try await eventually { await outbox.state("alarm") == .sent }
        #expect(sms.keys == ["alarm"])
        bench.clock.advance(morning - bench.clock.now())
        try await bench.forward { await outbox.state("calm") == .sent }
        #expect(bench.clock.now() >= morning)
        await bench.stop()
    }

    @Test func anotherChannelOfTheRouteDoesNotWait() async throws {
        let (sms, app) = (ScriptedChannel("sms"), ScriptedChannel("app"))
        let outbox = MemoryOutbox([sample("calm", urgency: 2)])
        let bench = Bench([sms, app], outbox: outbox) {
            $0.quietHours = QuietHours(from: 14 * 60, until: 15 * 60, channels: ["sms"], breakThrough: [])
        }
        try await eventually { await outbox.state("calm") == .sent }
        await bench.stop()
        #expect(app.keys == ["calm"] && sms.keys.isEmpty)
    }

    @Test func aMessageThatWaitedIntoTheNightRests() async throws {
        let sms = ScriptedChannel("sms", [again, delivered])
        let outbox = MemoryOutbox([sample("calm", urgency: 2)])
        let bench = Bench([sms], outbox: outbox) {
            // The first try is at 14:35:00, the second would be at 14:35:30, and the clock then shows 14:36:01.
            $0.fallback.retry = RetryPolicy(attempts: 2, base: .seconds(30))
            $0.quietHours = QuietHours(
                from: 14 * 60 + 36,
                until: 15 * 60,
                channels: ["sms"],
                breakThrough: []
            )
        }
        try await eventually { await outbox.state("calm") == .failed }
        bench.clock.advance(.seconds(61))
        try await eventually { (await outbox.nextAt("calm") ?? .distantPast) > noon + .minutes(25) }
        await bench.stop()
        #expect(sms.keys.count == 1)
    }

    @Test func calmTextsKeepClearOfFullAndHalfHours() throws {
        let full = try moment("23T10:00") + .seconds(12)
        let calm = sample("calm", urgency: 2, dueAt: full + .days(1))
        let moved = calm.beside(full)
        #expect(moved >= full + .seconds(48) && moved < full + .seconds(108))
        #expect(moved == calm.beside(full + .seconds(3)))
        #expect(calm.beside(full + .minutes(30)) > full + .minutes(30))
        #expect(calm.beside(full + .minutes(1)) == full + .minutes(1))
        #expect(calm.beside(full + .minutes(29)) == full + .minutes(29))
        #expect(sample(urgency: 0).beside(full) == full)
        #expect(sample(urgency: 2, dueAt: full + .minutes(20)).beside(full) == full)
        #expect(sample(urgency: 1, dueAt: full + .days(1)).beside(full) == full)
    }

    @Test(arguments: [true, false]) func onlyChannelsOfPeopleKeepClear(keepsClear: Bool) throws {
        var policy = DispatchPolicy()
        policy.fallback.keepsClear = keepsClear
        let full = try moment("23T10:00")
        let calm = sample("calm", urgency: 2, dueAt: full + .days(1))
        let item = OutboxItem(notification: calm, state: .pending, attempts: [])
        let move = Move.next(for: item, route: Route(channels: ["app"]), policy: policy, now: full)
        #expect(move == .send(channel: "app", number: 1, at: keepsClear ? calm.beside(full) : full))
    }
}
