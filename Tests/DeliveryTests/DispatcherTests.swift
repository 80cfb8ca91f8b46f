import Duty
import Synchronization
import Testing

@testable import Delivery

@Suite(.timeLimit(.minutes(1))) struct DispatcherTests {
    @Test func intentIsOnDiskBeforeTheFirstByte() async throws {
        let outbox = MemoryOutbox((0..<20).map { sample("k\($0)") })
        let early = Mutex(0)
        let channel = ScriptedChannel("app") { message in
            let attempts = await outbox.attempts(message.notification.key)
            if attempts.count != 1 || attempts.first?.outcome != nil { early.withLock { $0 += 1 } }
        }
        let bench = Bench([channel], outbox: outbox)
        try await eventually { await outbox.count(.sent) == 20 }
        await bench.stop()
        #expect(early.withLock { $0 } == 0)
        #expect(await outbox.beginCalls == 1)
        #expect(bench.listener.heard.outcomes.count == 20)
        #expect(bench.listener.heard.outcomes.allSatisfy { $0.latency == .zero })
    }

    @Test func urgentAndOldOnesGoFirst() async throws {
        let rows = [
            sample("late", urgency: 1, requestedAt: noon + .seconds(1)), sample("calm", urgency: 3),
            sample("breach", urgency: 0), sample("early", urgency: 1),
        ]
        let channel = ScriptedChannel("app")
        let outbox = MemoryOutbox(rows)
        let bench = Bench([channel], outbox: outbox) { $0.fallback.concurrency = 1 }
        try await eventually { await outbox.count(.sent) == 4 }
        await bench.stop()
        #expect(channel.keys == ["breach", "early", "late", "calm"])
    }

    @Test func retriesThenFallsBack() async throws {
        let (app, sms) = (ScriptedChannel("app", [again]), ScriptedChannel("sms"))
        let outbox = MemoryOutbox([sample()])
        let bench = Bench([app, sms], outbox: outbox) { $0.fallback.retry = RetryPolicy(attempts: 3) }
        try await eventually { await outbox.state("k1") == .failed }
        #expect(await outbox.nextAt("k1") == noon + .seconds(2))
        try await bench.forward { await outbox.state("k1") == .sent }
        await bench.stop()
        #expect(app.keys.count == 3)
        #expect(sms.keys.count == 1)
        #expect(await outbox.ends.map(\.nextChannel) == ["app", "app", "sms", nil])
    }

    @Test func uncertainWaitsAMinuteAndNeverRepeats() async throws {
        let (app, sms) = (ScriptedChannel("app", [doubtful]), ScriptedChannel("sms"))
        let outbox = MemoryOutbox([sample()])
        let bench = Bench([app, sms], outbox: outbox)
        try await eventually { await outbox.state("k1") == .uncertain }
        #expect(await outbox.nextAt("k1") == noon + .seconds(60))
        try await bench.forward { await outbox.state("k1") == .sent }
        #expect(bench.clock.now() >= noon + .seconds(60))
        await bench.stop()
        #expect(app.keys.count == 1)
    }

    @Test func intentFoundAfterACrashIsUncertain() async throws {
        let app = ScriptedChannel("app")
        let outbox = MemoryOutbox()
        await outbox.add(
            OutboxItem(notification: sample(), state: .sending, attempts: [attempt("app", 1, nil)])
        )
        let bench = Bench([app], outbox: outbox)
        try await eventually { await outbox.state("k1") == .uncertain }
        await bench.stop()
        #expect(app.keys.isEmpty)
        #expect(await outbox.nextAt("k1") == nil)
    }

    @Test func hangingChannelDelaysNoOther() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let stuck = ScriptedChannel("stuck") { _ in for await _ in gate.stream {} }
        let free = ScriptedChannel("free")
        let outbox = MemoryOutbox(
            (0..<300).map { sample("s\($0)", person: "P-stuck") }
                + (0..<300).map { sample("f\($0)", person: "P-free") }
        )
        let bench = Bench(
            [stuck, free],
            outbox: outbox,
            tune: {
                $0.takeLimit = 50
                $0.fallback.concurrency = 8
            },
            addresses: { person, channel in person.text == "P-\(channel)" ? "x" : nil }
        )
        try await eventually { free.keys.count == 300 }
        #expect(stuck.keys.count == 8)
        gate.continuation.finish()
        try await eventually { await outbox.count(.sent) == 600 }
        await bench.stop()
    }

    struct Dead: Sendable {
        let route: [String]
        let code: String
        let messageClass: MessageClass
        let reason: String
    }

    @Test(arguments: [
        Dead(route: [], code: "N13", messageClass: .personal, reason: "no channel for this class of message"),
        Dead(route: ["gone"], code: "N13", messageClass: .personal, reason: "unknown channel in the routing"),
        Dead(route: ["app"], code: "N13", messageClass: .personal, reason: "no address on any channel"),
        Dead(route: ["app"], code: "N60", messageClass: .group, reason: "this message may not go to a group"),
    ])
    func givesUpWithAReason(row: Dead) async throws {
        let app = ScriptedChannel("app")
        let outbox = MemoryOutbox([sample(code: row.code, messageClass: row.messageClass)])
        let bench = Bench([app], outbox: outbox, route: row.route, addresses: { _, _ in nil })
        try await eventually { await outbox.state("k1") == .gaveUp }
        await bench.stop()
        #expect(app.keys.isEmpty)
        #expect(bench.listener.heard.reasons == [row.reason])
        #expect(await outbox.ends.map(\.gaveUpBecause) == [row.reason])
    }

    /// A call a minute: one that could not be made at all must not cost the next alert its minute.
    @Test func whatAChannelHasNoTemplateForUsesUpNothingThere() async throws {
        let (calls, app) = (ScriptedChannel("calls"), ScriptedChannel("app"))
        let outbox = MemoryOutbox([sample("news", code: "N03"), sample("alert", code: "N10")])
        let bench = Bench([calls, app], outbox: outbox) {
            $0.channels["calls"] = ChannelPolicy(
                personBudget: [Budget.Rate(1, per: .minutes(1))],
                templates: ["N10": "TTS_100000001"]
            )
        }
        try await eventually { await outbox.count(.sent) == 2 }
        await bench.stop()
        #expect(calls.keys == ["alert"])
        #expect(app.keys == ["news"])
        #expect(await outbox.ends.map(\.channel).sorted() == ["app", "calls"])
    }

    @Test func whatNoChannelHasATemplateForIsGivenUp() async throws {
        let outbox = MemoryOutbox([sample(code: "N03")])
        let bench = Bench([ScriptedChannel("calls")], outbox: outbox) {
            $0.channels["calls"] = ChannelPolicy(templates: ["N10": "TTS_100000001"])
        }
        try await eventually { await outbox.state("k1") == .gaveUp }
        await bench.stop()
        #expect(bench.listener.heard.reasons == ["no channel has a template for it"])
    }

    @Test func groupAndAddresslessChannelsAreNotSkipped() async throws {
        let (robot, console) = (ScriptedChannel("robot"), ScriptedChannel("console", needsAddress: false))
        let outbox = MemoryOutbox([sample("g", messageClass: .group), sample("p")])
        let bench = Bench([robot, console], outbox: outbox, addresses: { _, _ in nil })
        try await eventually { await outbox.count(.sent) == 2 }
        await bench.stop()
        #expect(robot.keys == ["g"])
        #expect(console.keys == ["p"])
    }

    @Test func cancellationDrains() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let app = ScriptedChannel("app") { _ in for await _ in gate.stream {} }
        let outbox = MemoryOutbox((0..<10).map { sample("k\($0)") })
        let bench = Bench([app], outbox: outbox) { $0.fallback.concurrency = 3 }
        try await eventually { app.keys.count == 3 }
        bench.task.cancel()
        gate.continuation.finish()
        await bench.task.value
        #expect(await outbox.count(.sent) == 3)
        #expect(app.keys.count == 3)
    }

    @Test func drainingEndsInTime() async throws {
        let gate = AsyncStream<Void>.makeStream()
        let app = ScriptedChannel("app") { _ in for await _ in gate.stream {} }
        let outbox = MemoryOutbox([sample()])
        let bench = Bench([app], outbox: outbox)
        try await eventually { app.keys.count == 1 }
        bench.task.cancel()
        let ended = Mutex(false)
        let waiter = Task {
            await bench.task.value
            ended.withLock { $0 = true }
        }
        try await bench.forward { ended.withLock { $0 } }
        #expect(bench.clock.now() >= noon + .seconds(15))
        #expect(await outbox.state("k1") == .sending)
        gate.continuation.finish()
        await waiter.value
    }

    @Test(arguments: ["take", "begin", "finish"]) func outboxFailureRecovers(operation: String) async throws {
        let app = ScriptedChannel("app")
        let outbox = MemoryOutbox((0..<5).map { sample("k\($0)") })
        await outbox.fail([operation])
        let bench = Bench([app], outbox: outbox)
        try await bench.forward { bench.listener.heard.outboxErrors >= 3 }
        #expect(await outbox.count(.sent) == 0)
        #expect(app.keys.count == (operation == "finish" ? 5 : 0))
        await outbox.fail([])
        try await bench.forward { await outbox.count(.sent) == 5 }
        await bench.stop()
        #expect(app.keys.count == 5)
    }

    @Test func openBreakerSendsTheRestElsewhereAndComesBack() async throws {
        let (app, sms) = (ScriptedChannel("app", [again]), ScriptedChannel("sms"))
        let outbox = MemoryOutbox((0..<20).map { sample("k\($0)") })
        let bench = Bench([app, sms], outbox: outbox) {
            $0.channels["app"] = ChannelPolicy(concurrency: 1, breaker: CircuitBreaker(threshold: 2))
        }
        try await eventually { await outbox.count(.sent) == 19 }
        // The first one waits for its second try, finds the channel shut and takes the other one.
        bench.clock.advance(.seconds(3))
        try await eventually { await outbox.count(.sent) == 20 }
        #expect(app.keys.count == 2)
        #expect(sms.keys.count == 20)
        app.answer([delivered])
        bench.clock.advance(.seconds(31))
        for index in 0..<5 {
            await outbox.add(OutboxItem(notification: sample("n\(index)"), state: .pending, attempts: []))
        }
        bench.dispatcher.poke()
        try await eventually { await outbox.count(.sent) == 25 }
        try await eventually { bench.listener.heard.breakers == ["app open", "app closed"] }
        await bench.stop()
        #expect(app.keys.count > 2)
    }

    @Test func onlyChannelWithAnOpenBreakerIsWaitedFor() async throws {
        let app = ScriptedChannel("app", [again, delivered])
        let outbox = MemoryOutbox((0..<3).map { sample("k\($0)") })
        let bench = Bench([app], outbox: outbox) {
            $0.fallback = ChannelPolicy(concurrency: 1, breaker: CircuitBreaker(threshold: 1))
        }
        try await eventually { app.keys.count == 1 }
        try await bench.forward { await outbox.count(.sent) == 3 }
        #expect(bench.clock.now() >= noon + .seconds(30))
        await bench.stop()
    }

    @Test func budgetSpreadsMessages() async throws {
        let app = ScriptedChannel("app")
        let outbox = MemoryOutbox((0..<40).map { sample("k\($0)") })
        let bench = Bench([app], outbox: outbox) { $0.fallback.budget = [.init(18, per: .seconds(60))] }
        try await eventually { await outbox.count(.sent) == 18 }
        try await bench.forward { await outbox.count(.sent) == 40 }
        #expect(bench.clock.now() >= noon + .seconds(120))
        await bench.stop()
    }

    @Test func pokeWakesAtOnceAndTextsAreMasked() async throws {
        let app = ScriptedChannel("app")
        let outbox = MemoryOutbox()
        let bench = Bench([app], outbox: outbox)
        let values: Value = ["message": "请拨13800138000"]
        await outbox.add(
            OutboxItem(notification: sample(code: "N91", values: values), state: .pending, attempts: [])
        )
        bench.dispatcher.poke()
        try await eventually { await outbox.state("k1") == .sent }
        await bench.stop()
        #expect(app.messages.first?.text == "【系统】请拨138****8000")
        #expect(app.messages.first?.address == "P-1032")
    }

    @Test func shadowSendsNothing() async throws {
        let app = ScriptedChannel("app")
        let outbox = MemoryOutbox([sample()])
        let bench = Bench([app], outbox: outbox, shadow: true)
        try await eventually { await outbox.state("k1") == .sent }
        await bench.stop()
        #expect(app.keys.isEmpty)
        #expect(await outbox.attempts("k1").first?.outcome == .sent(reference: "shadow"))
    }
}
