import Duty
import Engine
import Storage
import Testing

/// A record entered for the wrong enterprise: clock, money and messages go over to the right one.
@Suite struct WrongEnterpriseTests {
    private let monday = World.monday

    /// Two enterprises of the park, each with people of its own.
    private func park() throws -> [Fact] {
        try ["E-1", "E-2"].flatMap { name in
            [
                try Event.fact(
                    .enterpriseRegistered,
                    "reg-" + name,
                    of: name,
                    at: monday - .days(60),
                    enterprise: name,
                    ["name": .string("厂" + name)]
                ),
                try Event.assigned("S", "staff " + name, "park.staff", enterprise: name),
                try Event.assigned("L", "leader " + name, "park.leader", enterprise: name),
            ]
        }
    }

    private func filed(_ id: String, _ enterprise: String, at minutes: Int64 = 0) throws -> Fact {
        try Event.fact(
            .complaintFiled,
            id,
            of: "1",
            at: monday,
            received: monday + .minutes(minutes),
            enterprise: enterprise
        )
    }

    private func void(_ id: String, of target: String, _ enterprise: String, at minutes: Int64) throws -> Fact
    {
        try Event.fact(.recordVoided, id, of: target, at: monday + .minutes(minutes), enterprise: enterprise)
    }

    private func moved(
        _ target: String,
        _ type: EventKind = .complaintFiled,
        at minutes: Int64
    ) throws -> Fact {
        try Event.fact(
            .recordCorrected,
            "fix",
            of: target,
            at: monday + .minutes(minutes),
            enterprise: "E-1",
            ["targetType": .string(type.rawValue), "patch": ["enterpriseId": "E-2"]]
        )
    }

    /// Each fact at its arrival, then time up to two days.
    private func live(_ facts: [Fact], _ body: (World) async throws -> Void) async throws {
        try await World.with(at: monday) { world in
            try await world.feed(try park())
            for fact in facts {
                try await world.advance(to: max(fact.receivedAt, world.clock.now()))
                try await world.feed(fact)
            }
            try await world.advance(to: monday + .days(2))
            try await body(world)
        }
    }

    /// What somebody believes in the end: the last that they heard of a rule, and of which enterprise.
    private func belief(
        _ world: World,
        _ person: PersonRef,
        _ matter: MatterID = "complaint/1"
    ) async throws -> String {
        let all = try await world.store.notifications(of: matter).map(\.notification)
        let last = all.last { $0.recipient.person == person && $0.rule == "A22.response" }
        return last.map {
            $0.code + " " + $0.enterprise.text + " " + ($0.values["enterpriseName"]?.string ?? "")
        } ?? ""
    }

    @Test func `E22 Voided and filed again for another enterprise, it is that one's`() async throws {
        let facts = try [filed("a", "E-1"), void("v", of: "a", "E-1", at: 1), filed("b", "E-2", at: 2)]
        for order in [facts, [facts[0], facts[2], facts[1]], [facts[2], facts[1], facts[0]]] {
            try await live(order) { (world: World) async throws in
                #expect(try await world.matter("complaint/1").enterprise == "E-2")
                let told = Set(try await world.heard("complaint/1", "N13"))
                #expect(told.contains("N13 staff E-2") && told.contains("N13 leader E-2"))
                #expect(!told.contains { $0.hasSuffix("E-1") })
                #expect(try await ["", "N25 E-1 厂E-1"].contains(belief(world, "staff E-1")))
            }
        }
    }

    @Test func `E22 A corrected enterprise moves the matter, and those who leave hear so`() async throws {
        try await live([filed("a", "E-1"), moved("a", at: 10)]) { (world: World) async throws in
            let matter = try await world.matter("complaint/1")
            #expect(matter.enterprise == "E-2")
            #expect(try await belief(world, "staff E-1") == "N25 E-1 厂E-1")
            #expect(try await belief(world, "staff E-2").hasPrefix("N13 E-2"))
            // The group is the same for all, and knows of whom it was and is.
            let group = try await world.store.notifications(of: "complaint/1").map(\.notification)
                .filter { $0.recipient.isGroup && $0.rule == "A22.response" }
            #expect(
                group.prefix(3).map { $0.code + " " + $0.enterprise.text } == [
                    "N10 E-1", "N25 E-1", "N10 E-2",
                ]
            )
            let reason = group.dropFirst().first?.values["reason"]
            #expect(reason == "moved")
            let entries = try await world.store.journal(after: 0, limit: 10_000).filter {
                $0.matter == "complaint/1"
            }
            let move = try #require(entries.first { $0.entries.contains { $0.action == "matter.moved" } })
            #expect(move.enterprise == "E-2")
            // The half hour goes on from when it was filed.
            #expect(
                matter.state.record(ObligationKey(rule: "A22.response", cycle: 1))?.dueAt == monday
                    + .minutes(30)
            )
        }
    }

    @Test func `E22 A voided correction gives it back`() async throws {
        let back = try Event.fact(
            .recordVoided,
            "v",
            of: "fix",
            at: monday + .minutes(12),
            enterprise: "E-1",
            ["targetType": "record.corrected"]
        )
        try await live([filed("a", "E-1"), moved("a", at: 10), back]) { (world: World) async throws in
            #expect(try await world.matter("complaint/1").enterprise == "E-1")
            #expect(try await belief(world, "staff E-2") == "N25 E-2 厂E-2")
            #expect(try await belief(world, "staff E-1").hasPrefix("N13 E-1"))
            let keys = try await world.store.notifications(of: "complaint/1").map(\.notification.key)
            #expect(Set(keys).count == keys.count)
        }
    }

    @Test func `A mistyped enterprise in an assignment takes nothing away`() async throws {
        let wrong = try Event.fact(
            .complaintAssigned,
            "as",
            of: "1",
            at: monday - .minutes(1),
            received: monday + .minutes(5),
            enterprise: "E-2",
            ["toPersonRef": "staff E-2"]
        )
        let filed = try filed("a", "E-1")
        for order in [[filed, wrong], [wrong, filed]] {
            try await live(order) { (world: World) async throws in
                #expect(try await world.matter("complaint/1").enterprise == "E-1")
                #expect(try await belief(world, "staff E-2") == "")
                #expect(try await belief(world, "staff E-1").hasPrefix("N13 E-1"))
            }
        }
    }

    @Test func `E20 After a merger those who leave hear that it is no business of theirs any more`()
        async throws
    {
        let merged = try Event.fact(
            .enterpriseDeregistered,
            "merged",
            of: "E-1",
            at: monday + .minutes(10),
            enterprise: "E-1",
            ["reason": "merged", "mergedInto": "E-2"]
        )
        try await live([filed("a", "E-1"), merged]) { (world: World) async throws in
            #expect(try await belief(world, "staff E-1") == "N25 E-1 厂E-1")
            #expect(try await belief(world, "staff E-2").hasPrefix("N13 E-2"))
            // Who stays hears nothing twice.
            #expect(try await world.heard("complaint/1", "N10").filter { $0.contains("@group") }.count == 1)
            #expect(try await !world.heard("complaint/1", "N25").contains("N25 @group"))
        }
    }

    // MARK: Money

    private func fined(_ id: String, _ enterprise: String, at minutes: Int64 = 0) throws -> Fact {
        try Event.fact(
            .fineIssued,
            id,
            of: "F",
            at: monday,
            received: monday + .minutes(minutes),
            enterprise: enterprise,
            ["deptId": "D-1", "amountFen": 100_001, "currency": "CNY", "revision": 1]
        )
    }

    private func decided(_ enterprise: String, at minutes: Int64) throws -> Fact {
        try Event.fact(
            .fineAttributed,
            "yes",
            of: "F",
            at: monday + .minutes(minutes),
            enterprise: enterprise,
            [
                "decisionId": "AD-1", "attributable": true,
                "decidedBy": ["personRef": "P-9", "role": "office"],
            ]
        )
    }

    /// What each person bears by the ledger, and what they were last told.
    private func shares(_ world: World) async throws -> (borne: [String: Int64], told: [String: Int64]) {
        var borne: [String: Int64] = [:]
        for entry in try await world.store.ledger(fine: "fine/F") {
            borne[entry.posting.person?.text ?? "", default: 0] += entry.posting.amount.amount
        }
        var told: [String: Int64] = [:]
        for item in try await world.store.notifications(of: "fine/F").map(\.notification)
        where item.rule == "A22.share" {
            told[item.recipient.person.text] = item.values["shareFen"]?.integer
        }
        return (borne, told)
    }

    @Test func `A corrected enterprise of a fine moves the shares by exact differences`() async throws {
        let facts = try [fined("f", "E-1"), decided("E-1", at: 60), moved("f", .fineIssued, at: 120)]
        let wanted: [String: Int64] = [
            "staff E-1": 0, "leader E-1": 0, "staff E-2": 25_000, "leader E-2": 25_000,
        ]
        for order in [facts, [facts[0], facts[2], facts[1]], [facts[2], facts[0], facts[1]]] {
            try await live(order) { (world: World) async throws in
                let (borne, told) = try await shares(world)
                #expect(borne.filter { $0.value != 0 } == wanted.filter { $0.value != 0 })
                #expect(told.filter { $0.value != 0 } == wanted.filter { $0.value != 0 })
                #expect(try await world.matter("fine/F").enterprise == "E-2")
            }
        }
        try await live(facts) { (world: World) async throws in
            let (borne, told) = try await shares(world)
            #expect(borne == wanted && told == wanted)
            let last = try await world.store.notifications(of: "fine/F").map(\.notification)
                .last { $0.recipient.person == "staff E-1" }
            #expect(last?.values["differenceFen"] == -25_000 && last?.values["enterpriseName"] == "厂E-1")
        }
    }

    @Test func `E22 A fine that was voided and entered again for another enterprise is shared there`()
        async throws
    {
        let void = try Event.fact(
            .recordVoided,
            "v",
            of: "f",
            at: monday + .minutes(10),
            enterprise: "E-1",
            ["targetType": "fine.issued"]
        )
        try await live([fined("f", "E-1"), void, fined("g", "E-2", at: 20), decided("E-2", at: 60)]) {
            world in
            let (borne, told) = try await shares(world)
            #expect(borne == ["staff E-2": 25_000, "leader E-2": 25_000] && told == borne)
        }
    }
}
