import Duty
import Synchronization
import Testing

@testable import Delivery

@Suite(.timeLimit(.minutes(1))) struct DigestTests {
    private func members(_ count: Int, code: String = "N13") -> [Duty.Notification] {
        (0..<count).map { index in
            sample(
                "k\(index)",
                code: code,
                values: ["number": .string("CP-\(index)")],
                matter: MatterID("complaint/CP-\(index)"),
                dueAt: noon + .minutes(Int64(index))
            )
        }
    }

    @Test(arguments: [
        ("zh-CN", "已超时 7件", "【已超时】共7件:CP-0 11月23日14:35、CP-1 11月23日14:36、"),
        ("en", "Overdue: 7 matters", "[Overdue] 7 matters: CP-0 Nov 23 14:35, CP-1 Nov 23 14:36, "),
    ]) func listsNumbersAndDueTimes(locale: String, title: String, text: String) throws {
        let renderer = MessageRenderer(directory: templates(locale))
        let digest = try #require(renderer.digest(members(7).reversed(), limit: 600) { $0.text })
        #expect(digest.title == title)
        #expect(digest.text.hasPrefix(text) && digest.text.contains("CP-6"), "\(digest.text)")
        #expect(digest.notification.dueAt == noon)
        #expect(digest.notification.key == Digest.key(members(7)))
    }

    /// Where the words in brackets depend on the message, they are said only if they are the same for all.
    @Test func aHeadingThatDiffersIsTheTitleOfTheRule() throws {
        let renderer = MessageRenderer(directory: templates("zh-CN"))
        func kind(_ left: Int64...) throws -> String? {
            let members = left.enumerated().map { index, seconds in
                sample(
                    "k\(index)",
                    code: "N11",
                    values: ["remainingSeconds": .integer(seconds), "ruleTitle": "诉求半小时内回应"]
                )
            }
            return try #require(renderer.digest(members, limit: 600) { $0.text }).notification.values["kind"]?
                .string
        }
        #expect(try kind(900, 890) == "剩15分钟")
        #expect(try kind(900, 600) == "诉求半小时内回应")
    }

    @Test(arguments: [70, 200, 600]) func keepsToItsLengthAndCountsTheRest(limit: Int) throws {
        let renderer = MessageRenderer(directory: templates("zh-CN"))
        let digest = try #require(renderer.digest(members(150), limit: limit) { $0.text })
        #expect(digest.text.count <= limit, "\(digest.text)")
        let shown = digest.text.matches(of: /CP-\d+/).count
        #expect(shown >= 1 && digest.text.contains("另有\(150 - shown)件"), "\(digest.text)")
    }

    @Test func everyMemberHasItsOwnOutcome() async throws {
        let outbox = MemoryOutbox(members(8))
        let app = ScriptedChannel("app")
        let bench = Bench([app], outbox: outbox) { $0.fallback.grouping = Grouping() }
        try await eventually { await outbox.count(.sent) == 8 }
        await bench.stop()
        #expect(app.messages.count == 1)
        #expect(app.messages.first?.notification.code == "N93")
        #expect(await outbox.beginCalls == 1)
        let key = Digest.key(members(8))
        for index in 0..<8 {
            #expect(await outbox.attempts("k\(index)").map(\.digest) == [key])
        }
        #expect(await outbox.ends.allSatisfy { $0.digest == key })
    }

    @Test func aFailedOneGoesAgainAsOneAndThenElsewhere() async throws {
        let outbox = MemoryOutbox(members(8))
        let (app, sms) = (ScriptedChannel("app", [again, doubtful]), ScriptedChannel("sms"))
        let bench = Bench([app, sms], outbox: outbox) {
            $0.fallback.grouping = Grouping()
            $0.jitter = { RetryPolicy.stableUnit(key: $0, channel: $1, number: $2) }
        }
        try await bench.forward { await outbox.count(.sent) == 8 }
        await bench.stop()
        #expect(app.messages.count == 2)
        #expect(Set(app.keys).count == 1)
        #expect(sms.messages.count == 1)
    }

    @Test func withoutATemplateNothingIsLost() async throws {
        let outbox = MemoryOutbox(members(8))
        let app = ScriptedChannel("app")
        let bench = Bench([app], outbox: outbox, templates: "/nowhere") { $0.fallback.grouping = Grouping() }
        try await eventually { await outbox.count(.sent) == 8 }
        await bench.stop()
        let text = try #require(app.messages.first?.text)
        #expect(app.messages.count == 1 && text.hasPrefix("N13 8 CP-0 ") && text.contains("CP-7"))
    }

    /// Budgets are told what earlier runs sent before anything leaves, and a message of many counts once.
    @Test func aRestartForgetsNoBudget() async throws {
        let outbox = MemoryOutbox([sample("new")])
        let recipient = Recipient(person: "P-1032", role: "park.staff")
        await outbox.remember(
            (0..<40).map { _ in
                PastAttempt(
                    channel: "app",
                    recipient: recipient,
                    code: "N13",
                    endedAt: noon - .hours(2),
                    digest: "d"
                )
            } + [PastAttempt(channel: "app", recipient: recipient, code: "N13", endedAt: noon - .hours(1))]
        )
        let app = ScriptedChannel("app")
        let bench = Bench([app], outbox: outbox) { $0.fallback.personBudget = [.init(2, per: .days(1))] }
        try await Task.sleep(for: .milliseconds(50))
        #expect(app.keys.isEmpty)
        bench.clock.advance(.hours(22))
        try await eventually { await outbox.count(.sent) == 1 }
        await bench.stop()
    }

    @Test func nothingLeavesWhileTheStoreCannotSayWhatWasSent() async throws {
        let outbox = MemoryOutbox([sample("new")])
        await outbox.fail(["attempts"])
        let app = ScriptedChannel("app")
        let bench = Bench([app], outbox: outbox) { $0.fallback.personBudget = [.init(2, per: .days(1))] }
        try await bench.forward { bench.listener.heard.outboxErrors >= 2 }
        #expect(app.keys.isEmpty)
        await outbox.fail([])
        try await bench.forward { await outbox.count(.sent) == 1 }
        await bench.stop()
    }

    @Test func aBreachThatWaitsTooLongTakesTheNextChannelAndNoneTwice() async throws {
        let outbox = MemoryOutbox((0..<4).map { sample("k\($0)") } + [sample("calm", urgency: 2)])
        let (app, sms) = (ScriptedChannel("app"), ScriptedChannel("sms"))
        let bench = Bench([app, sms], outbox: outbox) {
            $0.channels["app"] = ChannelPolicy(budget: [.init(2, per: .minutes(5))])
        }
        try await bench.forward { await outbox.count(.sent) == 4 }
        #expect(bench.clock.now() < noon + .seconds(70))
        #expect(Set(app.keys) == ["k0", "k1"] && Set(sms.keys) == ["k2", "k3"])
        try await bench.forward { await outbox.count(.sent) == 5 }
        await bench.stop()
        #expect(bench.clock.now() >= noon + .minutes(5))
        #expect(app.keys.count == 3)
    }
}
