import Duty
import Storage
import Testing

@testable import Engine

/// Where a replay's store has its events, when several sources use one id.
@Suite struct MemoryStoreTests {
    private static func fact(_ id: String, in number: String, from source: String) throws -> Fact {
        try Event.fact(.complaintFiled, id, of: number, at: World.monday, source: source)
    }

    /// The first commit of the matters of some facts.
    private static func commit(_ facts: [Fact]) -> Commit {
        var commit = Commit()
        commit.facts = facts
        commit.matters = facts.map {
            StoredMatter(id: $0.matter, version: 1, enterprise: $0.enterprise, policyVersion: "1")
        }
        return commit
    }

    @Test func `an id of two sources is found in both, and with what is about it`() async throws {
        let store = MemoryStore()
        let late = try Self.fact("f-1", in: "1", from: "/b")
        let early = try Self.fact("f-1", in: "2", from: "/a")
        _ = try await store.commit(Self.commit([late]))
        #expect(try await store.events(around: ["f-1", "f-2"]) == [late])
        _ = try await store.commit(Self.commit([early]))
        let void = try Event.fact(.recordVoided, "v", of: "f-1", at: World.monday)
        _ = try await store.commit(Self.commit([void]))
        #expect(try await store.events(around: ["f-1", "f-1"]) == [early, late, void])
        #expect(try await store.addressedEvents() == ["f-1"])
    }

    @Test func `an event that is there is refused, whatever matter it names`() async throws {
        let store = MemoryStore()
        for (number, source) in [("1", "/a"), ("2", "/b"), ("3", "/c")] {
            _ = try await store.commit(Self.commit([try Self.fact("f-1", in: number, from: source)]))
        }
        for source in ["/a", "/b", "/c"] {
            let again = try Self.fact("f-1", in: "9", from: source)
            await #expect(throws: StoreError.duplicateEvents([again.key])) {
                _ = try await store.commit(Self.commit([again]))
            }
        }
        #expect(try await store.matters([MatterID("complaint/9")]).isEmpty)
    }

    @Test func `an event that moves is where it went, and those beside it stay`() async throws {
        let store = MemoryStore()
        let facts = [
            try Self.fact("f-1", in: "1", from: "/a"), try Self.fact("f-1", in: "2", from: "/b"),
            try Self.fact("f-3", in: "3", from: "/a"),
        ]
        for fact in facts { _ = try await store.commit(Self.commit([fact])) }
        var move = Commit()
        move.moves = [(event: facts[0].key, to: facts[2].matter)]
        _ = try await store.commit(move)
        let found = try await store.events(around: ["f-1"])
        #expect(found.map(\.matter) == [facts[2].matter, facts[1].matter])
        let matters = try await store.matters(facts.map(\.matter))
        #expect(matters.map { $0.facts.map(\.key) } == [[], [facts[1].key], [facts[2].key, facts[0].key]])
        await #expect(throws: StoreError.duplicateEvents([facts[1].key])) {
            _ = try await store.commit(Self.commit([facts[1]]))
        }
    }
}
