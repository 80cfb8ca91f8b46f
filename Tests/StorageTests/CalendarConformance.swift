import Duty
import Storage
import Testing

/// What every store has to do for going through the open matters after the calendar has changed.
@Suite struct CalendarConformance {
    @Test(arguments: StoreKind.all) func openMattersComeInPagesAlongTheirIDs(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.openMatters(after: nil, limit: 3) == OpenMatters(open: [], last: nil))
            let open: [MatterID] = ["fine/2", "complaint/1", "complaint/诉3", "visit/1"]
            let closed: [MatterID] = ["complaint/2", "fine/1"]
            _ = try await store.commit(
                Commit {
                    $0.matters =
                        open.map { Sample.matter($0) } + closed.map { Sample.matter($0, isOpen: false) }
                }
            )
            var seen: [[MatterID]] = []
            var after: MatterID?
            while let page = try await page(store, after) {
                seen.append(page.open)
                after = page.last
            }
            #expect(seen == [["complaint/1"], ["complaint/诉3"], ["fine/2", "visit/1"]])
        }
    }

    private func page(_ store: any Store, _ after: MatterID?) async throws -> OpenMatters? {
        let page = try await store.openMatters(after: after, limit: 2)
        return page.last == nil ? nil : page
    }

    @Test(arguments: StoreKind.all) func thePlaceThatWasReachedIsKeptWithItsCommit(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            #expect(try await store.calendarSweep() == nil)
            let first = CalendarSweep(revision: "cn+1")
            _ = try await store.commit(Commit { $0.calendarSweep = first })
            #expect(try await store.calendarSweep() == first)
            let reached = CalendarSweep(revision: "cn+1", after: "fine/1", isDone: true)
            _ = try await store.commit(Commit { $0.calendarSweep = reached })
            _ = try await store.commit(Commit { $0.journal = [Sample.record()] })
            #expect(try await store.calendarSweep() == reached)
            _ = try await store.commit(Commit { $0.facts = [Sample.fact("a")] })
            await #expect(throws: StoreError.self) {
                _ = try await store.commit(
                    Commit {
                        $0.facts = [Sample.fact("a")]
                        $0.calendarSweep = first
                    }
                )
            }
            #expect(try await store.calendarSweep() == reached)
        }
    }

    @Test(arguments: [
        (MatterID?.none, "fine/1", true), ("fine/1", "fine/1", false), ("fine/1", "complaint/9", false),
        ("fine/1", "fine/10", true), ("complaint/诉", "complaint/z", false),
    ])
    func aMatterIsAheadIfItComesLaterInTheStoresOrder(
        _ after: MatterID?,
        _ matter: String,
        _ isAhead: Bool
    ) {
        var sweep = CalendarSweep(revision: "cn+1", after: after)
        #expect(sweep.isAhead(of: MatterID(matter)) == isAhead)
        sweep.isDone = true
        #expect(!sweep.isAhead(of: MatterID(matter)))
    }
}
