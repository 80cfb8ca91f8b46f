import Duty
import Engine
import Storage
import Testing

/// Silences as events, through the real engine, a real file and the shipped policy.
@Suite struct SilenceStoryTests {
    private let monday = World.monday

    private func set(_ scope: Value, until: Int64, at: Int64 = 0) throws -> Fact {
        try Event.fact(
            .silenceSet,
            "set-\(at)",
            of: "S-1",
            at: monday + .minutes(at),
            [
                "from": .string((monday + .minutes(at)).rfc3339),
                "until": .string((monday + .minutes(until)).rfc3339), "scope": scope, "reason": "平台维护",
                "by": ["personRef": "P-3001", "role": "office"],
            ]
        )
    }

    private func ended(at: Int64) throws -> Fact {
        try Event.fact(
            .silenceEnded,
            "ended-\(at)",
            of: "S-1",
            at: monday + .minutes(at),
            ["reason": "完成", "by": "P-3001"]
        )
    }

    @Test func `What a silence keeps back is on record with the reason, and told when it is over`()
        async throws
    {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try set(["all": true], until: 35)])
            try await world.feed(try Event.filed())
            try await world.advance(to: monday + .minutes(34))
            let kept = try await world.store.notifications(of: "complaint/1")
            #expect(kept.count > 3 && kept.allSatisfy { $0.state == .silenced && $0.nextAt == nil })
            let alarm = try #require(kept.first { $0.notification.key.hasSuffix("|breach|P-1032") })
            #expect(alarm.notification.values.at(path: "silence.silenceId") == "S-1")
            #expect(alarm.notification.values.at(path: "silence.reason") == "平台维护")
            #expect(try await world.actions("complaint/1").contains("deadline.breached"))
            #expect(try await !world.actions("complaint/1").contains("notification.requested"))
            #expect(
                try await world.actions("complaint/1").filter { $0 == "notification.silenced" }.count
                    == kept.count
            )
            try await world.advance(to: monday + .minutes(36))
            let told = try await world.store.notifications(of: "complaint/1").filter { $0.state == .pending }
            #expect(
                told.map { $0.notification.code + " " + $0.notification.recipient.person.text }.sorted()
                    == ["N13 @group", "N13 P-1032", "N13 P-2001"]
            )
            #expect(told.allSatisfy { $0.notification.values["silence"] == nil })
            #expect(try await world.store.verify { _, _ in }.isSound)
        }
    }

    @Test
    func `A silence that is ended early lets the matters speak that it kept back, also after a restart`()
        async throws
    {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try set(["ruleId": "A22.response"], until: 600)])
            try await world.feed(try Event.filed(), try Event.filed("2"))
            try await world.advance(to: monday + .minutes(40))
            #expect(try await world.store.silencedMatters(by: "S-1") == ["complaint/1", "complaint/2"])
            let other = world.anotherEngine()
            try await world.feed([try ended(at: 40)], to: other)
            let told = try await world.store.notifications(of: "complaint/2").filter { $0.state == .pending }
            #expect(told.map(\.notification.code) == ["N13", "N13", "N13"])
        }
    }

    @Test func `Another engine that starts in the silence keeps it`() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try set(["role": "park.leader"], until: 600)])
            try await world.feed(try Event.filed())
            try await world.advance(to: monday + .minutes(31), with: world.anotherEngine())
            let heard = try await world.store.notifications(of: "complaint/1").filter { $0.state == .pending }
                .map { $0.notification.code + " " + $0.notification.recipient.person.text }
            #expect(heard.contains("N13 P-1032") && !heard.contains("N13 P-2001"))
        }
    }
}
