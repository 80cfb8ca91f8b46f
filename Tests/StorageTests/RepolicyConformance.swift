import Duty
import Storage
import Testing

/// What every store has to do for moving matters to another policy.
@Suite struct RepolicyConformance {
    @Test(arguments: StoreKind.all) func headsComeInPagesAlongTheirIDs(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.heads(after: nil, limit: 3).isEmpty)
            let closed = Sample.matter("fine/1", isOpen: false)
            _ = try await store.commit(
                Commit { $0.matters = [Sample.matter("visit/1"), closed, Sample.matter("complaint/诉3")] }
            )
            let first = try await store.heads(after: nil, limit: 2)
            #expect(first.map(\.id) == ["complaint/诉3", "fine/1"])
            #expect(first.map(\.isOpen) == [true, false])
            #expect(first.map(\.policyVersion) == [closed.policyVersion, closed.policyVersion])
            #expect(try await store.heads(after: first.last?.id, limit: 2).map(\.id) == ["visit/1"])
        }
    }

    @Test(arguments: StoreKind.all) func anOrderIsKeptWithItsCommit(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.repolicy() == nil)
            let moment = Instant(microseconds: 1_764_000_000_000_001)
            var order = Repolicy(
                version: "2+b",
                reason: "改",
                by: "P-1",
                type: .fine,
                rule: "A22.share",
                startedAt: moment
            )
            _ = try await store.commit(Commit { $0.repolicy = order })
            #expect(try await store.repolicy() == order)
            order.after = "fine/1"
            order.moved = 7
            order.finishedAt = moment + .seconds(3)
            _ = try await store.commit(Commit { $0.repolicy = order })
            _ = try await store.commit(Commit { $0.journal = [Sample.record()] })
            #expect(try await store.repolicy() == order)
            #expect(order.isDone)
            let plain = Repolicy(version: "2+b", reason: "改", by: "P-1", startedAt: moment)
            _ = try await store.commit(Commit { $0.repolicy = plain })
            #expect(try await store.repolicy() == plain)
        }
    }
}
