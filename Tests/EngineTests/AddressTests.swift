import Duty
import Engine
import Storage
import Testing

/// What corrections and voids are about, whatever comes first: never the record of somebody else.
@Suite struct AddressTests {
    private static let monday = World.monday

    private static func filed(
        _ number: String,
        _ source: String,
        of enterprise: String = "E-1"
    ) throws -> Fact {
        try Event.fact(
            .complaintFiled,
            "1001",
            of: number,
            at: monday,
            enterprise: enterprise,
            source: source
        )
    }

    private static func void(
        _ source: String,
        id: String = "void",
        of target: String = "1001",
        _ type: EventKind = .complaintFiled,
        enterprise: String = "E-1",
        from targetSource: String? = nil
    ) throws -> Fact {
        let fact = try Event.fact(
            .recordVoided,
            id,
            of: target,
            at: monday,
            enterprise: enterprise,
            source: source,
            ["targetType": .string(type.rawValue)]
        )
        guard let targetSource else { return fact }
        var named = fact
        named.data = fact.data.setting(path: "targetSource", to: .string(targetSource))
        return named
    }

    private static func orders(_ facts: [Fact]) -> [[Fact]] {
        guard let first = facts.first else { return [[]] }
        return orders(Array(facts.dropFirst())).flatMap { rest in
            (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
        }
    }

    /// The complaints of which anything is left, by whatever order the facts come in, each alone or all in one batch,
    /// with or without another daemon after each.
    private func left(_ facts: [Fact]) async throws -> Set<[String]> {
        var answers: Set<[String]> = []
        for order in Self.orders(facts) {
            for way in ["alone", "together", "restarted"] {
                try await World.with { world in
                    if way == "together" { try await world.feed(order) }
                    for fact in way == "together" ? [] : order {
                        try await world.feed([fact], to: way == "restarted" ? world.anotherEngine() : nil)
                    }
                    var standing: [String] = []
                    for id in try await world.store.matterIDs(of: .complaint) {
                        let matter = try await world.matter(id)
                        if matter.state.records.contains(where: { !$0.isWithdrawn }) {
                            standing.append(id.number)
                        }
                    }
                    answers.insert(standing.sorted())
                }
            }
        }
        return answers
    }

    @Test func `Two desks count alike, and one voids its own complaint, not the other's`() async throws {
        let facts = try [
            Self.filed("CP-A", "/desk/a"), Self.filed("CP-B", "/desk/b", of: "E-2"),
            Self.void("/desk/b", enterprise: "E-2"),
        ]
        #expect(try await left(facts) == [["CP-A"]])
    }

    @Test func `The response of one source and the complaint of another may have one id`() async throws {
        let response = try Event.fact(
            .complaintResponded,
            "1001",
            of: "CP-A",
            at: Self.monday,
            enterprise: "E-1",
            source: "/app"
        )
        for source in ["/app", "/office"] {
            let facts = try [Self.filed("CP-A", "/desk/a"), response, Self.void(source, .complaintResponded)]
            #expect(try await left(facts) == [["CP-A"]])
            try await World.with { world in
                try await world.feed(facts)
                let record = try await world.matter("complaint/CP-A").state
                    .record(ObligationKey(rule: "A22.response", cycle: 1))
                #expect(record?.phase == .open && record?.isWithdrawn == false)
            }
        }
    }

    @Test func `What comes later can show that it was meant, or that nobody can say which`() async throws {
        let (one, two) = (try Self.filed("CP-A", "/desk/a"), try Self.filed("CP-B", "/desk/b"))
        #expect(try await left([one, two, try Self.void("/desk/b")]) == [["CP-A"]])
        #expect(try await left([one, two, try Self.void("/office")]) == [["CP-A", "CP-B"]])
        #expect(try await left([one, two, try Self.void("/office", from: "/desk/a")]) == [["CP-B"]])
        #expect(try await left([one, try Self.void("/office")]) == [[]])
    }

    @Test func `A void of a void goes where the first one goes, again and again`() async throws {
        let facts = try [
            Self.filed("CP-A", "/desk/a"), Self.filed("CP-B", "/desk/b"), Self.void("/desk/b"),
            Self.void("/office", id: "again", of: "void", .recordVoided),
        ]
        #expect(try await left(facts) == [["CP-A", "CP-B"]])
    }

    @Test func `What fits nothing waits, and becomes a dead letter`() async throws {
        try await World.with { world in
            try await world.feed(try Self.filed("CP-A", "/desk/a"))
            try await world.feed(
                try Self.void("/desk/a", id: "type", .fineIssued),
                try Self.void("/desk/a", id: "enterprise", enterprise: "E-2"),
                try Self.void("/desk/a", id: "source", from: "/desk/c")
            )
            #expect(try await world.matter("complaint/CP-A").facts.count == 1)
            #expect(world.count("parked") == 3)
            try await world.advance(by: .days(2))
            let letters = try await world.store.deadLetters(state: nil, limit: 9)
            #expect(letters.map(\.reason) == ["orphan", "orphan", "orphan"])
        }
    }

    @Test func `An unknown type is refused at once`() throws {
        let event = Event.cloud(.recordVoided, "v", at: Self.monday, ["targetType": "complaint.file"])
        #expect {
            try EventValidation.fact(event, receivedAt: Self.monday)
        } throws: { error in
            (error as? EventRejection)?.detail.contains("complaint.file, which is no type") ?? false
        }
    }
}
