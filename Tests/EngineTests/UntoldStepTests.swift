import Duty
import Engine
import Storage
import Testing

/// Who was not told of a complaint, and why.
@Suite struct UntoldStepTests {
    private let monday = World.monday

    /// The steps of the half hour that have told nobody.
    private func untold(_ world: World, cycle: Int = 1) async throws -> [String: UntoldStep.Reason] {
        let matter = try await world.matter("complaint/1")
        let notifications = try await world.store.notifications(of: "complaint/1")
        let home = try #require(matter.enterprise)
        let facts = try await world.matter(MatterID("enterprise/\(home.text)")).facts
        let derivation = derive(
            matter: matter.id,
            facts: matter.facts,
            enterprise: Enterprise(id: home, facts: FactHistory.effective(facts)),
            policy: world.book.current,
            calendar: world.book.calendar,
            now: world.clock.now()
        )
        let steps = derivation.untold(matter.state, at: world.clock.now(), calendar: world.book.calendar) {
            key,
            step in
            notifications.contains { $0.notification.tells(of: step.stage, key) }
        }
        .filter { $0.obligation == ObligationKey(rule: "A22.response", cycle: cycle) }
        return Dictionary(uniqueKeysWithValues: steps.map { ($0.stage, $0.reason) })
    }

    @Test func whatIsAheadSaysWhen() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            let ahead: [String: UntoldStep.Reason] = [
                "warn15": .ahead(monday + .minutes(15)), "warn25": .ahead(monday + .minutes(25)),
                "breach": .ahead(monday + .minutes(30)), "escalate60": .ahead(monday + .minutes(60)),
            ]
            #expect(try await untold(world) == ahead)
            try await world.advance(to: monday + .minutes(26))
            #expect(try await Set(untold(world).keys) == ["breach", "escalate60"])
            // What is said again and again has been said.
            try await world.advance(to: monday + .minutes(59))
            #expect(try await Set(untold(world).keys) == ["escalate60"])
        }
    }

    @Test func whatWasAnsweredOrWithdrawnInTimeTellsNobodyElse() async throws {
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(to: monday + .minutes(16))
            try await world.feed(try Event.responded(at: monday + .minutes(16)))
            let met = UntoldStep.Reason.met(monday + .minutes(16))
            #expect(try await untold(world) == ["warn25": met, "breach": met, "escalate60": met])
        }
        try await World.with { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(to: monday + .minutes(5))
            try await world.feed(
                try Event.fact(.complaintWithdrawn, "gone", at: monday + .minutes(5), ["by": "enterprise"])
            )
            #expect(try await untold(world)["breach"] == .cancelled(monday + .minutes(5)))
        }
    }

    @Test func whatCameLateIsToldByItsLatestStep() async throws {
        try await World.with(at: monday + .minutes(40)) { world in
            try await world.feed(try Event.roster())
            try await world.feed(
                try Event.fact(.complaintFiled, "late", at: monday, received: monday + .minutes(40))
            )
            #expect(
                try await untold(world) == [
                    "open": .overtaken, "warn15": .overtaken, "warn25": .overtaken,
                    "escalate60": .ahead(monday + .minutes(60)),
                ]
            )
        }
    }

    @Test func whereNobodyHoldsTheRoleThatIsSaid() async throws {
        let shipped = try Shipped.book()
        let vacant = RuleBook(
            current: shipped.current,
            calendar: shipped.calendar,
            directory: Directory(standing: [:])
        )
        try await World.with(book: vacant) { world in
            try await world.feed(try Event.roster() + [try Event.filed()])
            try await world.advance(to: monday + .minutes(59))
            #expect(try await untold(world)["escalate60"] == .ahead(monday + .minutes(60)))
            try await world.advance(to: monday + .minutes(61))
            #expect(try await untold(world)["escalate60"] == .nobody)
        }
    }

    @Test func aStepIsKnownWhateverItsTurnAndRepetition() {
        let notification = Self.notification("warn15~2")
        #expect(notification.tells(of: "warn15", ObligationKey(rule: "A22.response", cycle: 1)))
        #expect(!notification.tells(of: "warn1", ObligationKey(rule: "A22.response", cycle: 1)))
        #expect(!notification.tells(of: "warn15", ObligationKey(rule: "A22.response", cycle: 2)))
        #expect(
            !notification.tells(of: "warn15", ObligationKey(rule: "A22.response", cycle: 1, subject: "P-1"))
        )
        let about = Self.notification("breach.r1.P-1~3")
        #expect(about.tells(of: "breach", ObligationKey(rule: "A22.response", cycle: 1, subject: "P-1")))
        #expect(!about.tells(of: "breach", ObligationKey(rule: "A22.response", cycle: 1, subject: "P-2")))
    }

    private static func notification(_ stage: String) -> Duty.Notification {
        Duty.Notification(
            key: "A22.response|complaint/1|1|\(stage)|P-1032",
            code: "N11",
            rule: "A22.response",
            article: 22,
            matter: "complaint/1",
            enterprise: "E-000451",
            cycle: 1,
            stage: stage,
            messageClass: .personal,
            recipient: Recipient(person: "P-1032", role: "park.staff"),
            dueAt: nil,
            requestedAt: World.monday,
            urgency: 0,
            withdraws: nil,
            values: .object([])
        )
    }
}
