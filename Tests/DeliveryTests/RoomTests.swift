import Duty
import Testing

@testable import Delivery

extension Dispatcher {
    fileprivate func waiting(for channel: String) -> Int { lanes[channel]?.waiting ?? 0 }
}

/// What happens to others, and to its own messages, while a channel does not get on.
@Suite(.timeLimit(.minutes(1))) struct RoomTests {
    /// A channel that answers nothing until it is released, and how many may wait for it.
    private struct Stuck {
        let channel: ScriptedChannel
        private let gate: AsyncStream<Void>.Continuation

        init(_ answers: [SendOutcome] = [delivered]) {
            let (stream, gate) = AsyncStream<Void>.makeStream()
            channel = ScriptedChannel("stuck", answers) { _ in for await _ in stream {} }
            self.gate = gate
        }

        func release() { gate.finish() }
    }

    private func rows(
        _ prefix: String,
        _ count: Int,
        _ messageClass: MessageClass = .personal,
        urgency: Int = 1,
        person: PersonRef = "P-1032"
    ) -> [Duty.Notification] {
        (0..<count).map { index in
            sample(
                "\(prefix)\(index)",
                messageClass: messageClass,
                person: person,
                urgency: urgency,
                requestedAt: noon - .seconds(Int64(count - index))
            )
        }
    }

    private func tight(_ policy: inout DispatchPolicy) {
        policy.takeLimit = 20
        policy.maximumWaiting = 40
        policy.maximumWaitingIfStuck = 10
        policy.fallback.concurrency = 4
    }

    @Test func whatWaitsForAHangingChannelStaysInTheOutbox() async throws {
        let (stuck, free) = (Stuck(), ScriptedChannel("free"))
        // The older ones are those of the channel that hangs.
        let outbox = MemoryOutbox(rows("g", 400, .group) + rows("p", 300))
        let bench = Bench(
            [stuck.channel, free],
            outbox: outbox,
            routing: [.group: ["stuck"], .personal: ["free"]],
            tune: tight
        )
        try await eventually { free.keys.count == 300 }
        #expect(stuck.channel.keys.count == 4)
        #expect(await outbox.taken.count { $0.hasPrefix("g") } <= 4 + 40 + 2 * 20)
        stuck.release()
        try await eventually { await outbox.count(.sent) == 700 }
        await bench.stop()
        #expect(Set(stuck.channel.keys).count == 400)
        #expect(stuck.channel.keys.count == 400)
    }

    @Test func theMoreUrgentIsLetInThoughThereIsNoRoom() async throws {
        let stuck = Stuck()
        let outbox = MemoryOutbox(rows("g", 200, .group, urgency: 2))
        let bench = Bench([stuck.channel], outbox: outbox, tune: tight)
        try await eventually { await bench.dispatcher.full["stuck"] != nil }
        try await eventually { stuck.channel.keys.count == 4 }
        await outbox.add(
            OutboxItem(
                notification: sample("alarm", messageClass: .group, urgency: 0),
                state: .pending,
                attempts: []
            )
        )
        bench.dispatcher.poke()
        try await eventually { await outbox.taken.contains("alarm") }
        #expect(await outbox.taken.count < 200)
        stuck.release()
        try await eventually { await outbox.count(.sent) == 201 }
        await bench.stop()
        // Four leave at a time, in no order among themselves.
        #expect((4..<8).contains(stuck.channel.keys.firstIndex(of: "alarm") ?? 0))
    }

    /// More urgent ones take the place of those that are less so, and are bounded like them.
    @Test func whatIsLetInIsBoundedToo() async throws {
        let stuck = Stuck()
        let outbox = MemoryOutbox(rows("calm", 100, .group, urgency: 2) + rows("n", 1))
        let bench = Bench([stuck.channel], outbox: outbox, tune: tight)
        try await eventually { await bench.dispatcher.full["stuck"] != nil }
        try await eventually { stuck.channel.keys.count == 4 }
        for one in rows("alarm", 400, .group, urgency: 0) {
            await outbox.add(OutboxItem(notification: one, state: .pending, attempts: []))
            bench.dispatcher.poke()
        }
        try await eventually { await bench.dispatcher.full["stuck"]?.urgency == 0 }
        #expect(await bench.dispatcher.waiting(for: "stuck") <= 2 * 40 + 20)
        stuck.release()
        try await eventually { await outbox.count(.sent) == 501 }
        await bench.stop()
        #expect(stuck.channel.keys.dropFirst(4).prefix(400 - 4).allSatisfy { $0.hasPrefix("alarm") })
        #expect(stuck.channel.keys.count == 501)
    }

    /// One class, whose recipients are not all to be reached on the same channels.
    @Test func onlyKeysStayInHandOfWhatIsPutAside() async throws {
        let (stuck, free) = (Stuck(), ScriptedChannel("free"))
        let outbox = MemoryOutbox(
            rows("s", 300, person: "P-stuck") + rows("f", 300, person: "P-free")
        )
        let bench = Bench(
            [stuck.channel, free],
            outbox: outbox,
            tune: tight,
            addresses: { person, channel in person.text == "P-\(channel)" ? "x" : nil }
        )
        try await eventually { free.keys.count == 300 }
        #expect(await bench.dispatcher.waiting(for: "stuck") <= 40 + 20)
        stuck.release()
        try await eventually { await outbox.count(.sent) == 600 }
        await bench.stop()
        #expect(Set(stuck.channel.keys).count == 300)
        #expect(stuck.channel.keys.count == 300)
    }

    @Test func whatMayGoElsewhereGoesThereWhenTheBreakerOpens() async throws {
        let (stuck, free) = (Stuck([again]), ScriptedChannel("free"))
        let outbox = MemoryOutbox(
            rows("only", 100, urgency: 0, person: "P-only") + rows("both", 100, person: "P-both")
        )
        let bench = Bench(
            [stuck.channel, free],
            outbox: outbox,
            tune: { policy in
                tight(&policy)
                policy.fallback.breaker = CircuitBreaker(threshold: 2)
            },
            addresses: { person, channel in
                person.text == "P-both" || channel == "stuck" ? person.text : nil
            }
        )
        try await eventually { await outbox.taken.count == 200 }
        #expect(free.keys.isEmpty)
        stuck.release()
        try await eventually { await outbox.count(.sent) == 100 }
        #expect(Set(free.keys).count == 100)
        // The channel works again, and what had nowhere else to go leaves.
        stuck.channel.answer([delivered])
        try await bench.forward { await outbox.count(.sent) == 200 }
        await bench.stop()
        #expect(free.keys.count == 100)
    }

    @Test func aChannelThatComesToAStandstillKeepsLess() async throws {
        let stuck = Stuck()
        let outbox = MemoryOutbox(rows("g", 35, .group))
        let bench = Bench([stuck.channel], outbox: outbox, tune: tight)
        try await eventually { await bench.dispatcher.waiting(for: "stuck") == 31 }
        bench.clock.advance(.seconds(3))
        bench.dispatcher.poke()
        try await eventually { await bench.dispatcher.waiting(for: "stuck") == 10 }
        stuck.release()
        try await eventually { await outbox.count(.sent) == 35 }
        await bench.stop()
        #expect(stuck.channel.keys.sorted() == (0..<35).map { "g\($0)" }.sorted())
    }

    /// The outbox may have the intent though it failed to say so; then only the job in memory knows of it.
    @Test func whatMayHaveBegunIsNotPutAside() async throws {
        let app = ScriptedChannel("app")
        let outbox = MemoryOutbox(rows("g", 60, .group))
        await outbox.fail(["begun"])
        let bench = Bench([app], outbox: outbox) { policy in
            tight(&policy)
            policy.maximumWaiting = 10
            policy.fallback.concurrency = 20
        }
        try await eventually { await bench.dispatcher.storeFailures > 0 }
        // More wait than may, and some of them must not be forgotten.
        #expect(await bench.dispatcher.waiting(for: "app") == 20)
        await outbox.fail([])
        try await bench.forward { await outbox.count(.sent) == 60 }
        await bench.stop()
        #expect(app.keys.count == 60)
    }
}
