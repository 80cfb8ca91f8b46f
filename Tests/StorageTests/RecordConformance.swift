import Duty
import Storage
import Testing

/// What every store has to do for journal, ledger, dead letters and operations.
@Suite struct RecordConformance {
    @Test(arguments: StoreKind.all) func theJournalIsReadFromAnyPlace(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for action in ["one", "two", "three"] {
                _ = try await store.commit(Commit { $0.journal = [Sample.record(action: action)] })
            }
            #expect(
                try await store.journal(after: 0, limit: 2).compactMap(\.entries.first?.action) == [
                    "one", "two",
                ]
            )
            #expect(try await store.journal(after: 2, limit: 9).map(\.sequence) == [3])
            #expect(try await store.journal(after: 3, limit: 9).isEmpty)
            #expect(try await store.statistics(now: Sample.noon).journalRecords == 3)
        }
    }

    @Test(arguments: StoreKind.all) func theLedgerIsReadByFineAndAsAChain(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.commit(
                Commit { $0.ledger = [Sample.posting("a"), Sample.posting("b", fine: "fine/2")] }
            )
            _ = try await store.commit(Commit { $0.ledger = [Sample.posting("c")] })
            let all = try await store.ledger(fine: nil)
            #expect(all.map(\.posting.entryID) == ["a", "b", "c"])
            #expect(all.map(\.sequence) == [1, 2, 3])
            #expect(all.first?.previousHash == String(repeating: "0", count: 64))
            #expect(all.dropFirst().map(\.previousHash) == all.dropLast().map(\.hash))
            #expect(Set(all.map(\.hash)).count == 3 && all.allSatisfy { $0.hash.count == 64 })
            let one = try await store.ledger(fine: "fine/1")
            #expect(one == [all[0], all[2]])
            #expect(all[0].basis == "蒸发〔2023〕4号第22条" && all[0].ruleVersion == "2023-4.1")
            #expect(try await store.ledger(fine: "fine/9").isEmpty)
            let board = try #require(store as? any BoardStore)
            #expect(try await board.latestFines(limit: 9) == ["fine/1", "fine/2"], "c came after b")
            #expect(try await board.latestFines(limit: 1) == ["fine/1"])
        }
    }

    @Test(arguments: StoreKind.all) func deadLettersGoThroughTheirStates(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.commit(Commit { $0.deadLetters = (1...4).map { Sample.letter($0) } })
            try await store.setDeadLetters([1, 3], to: .published)
            try await store.setDeadLetters([3], to: .retried)
            try await store.setDeadLetters([4], to: .discarded)
            // An operator was first: the publisher, who comes later, does not undo it.
            try await store.setDeadLetters([3, 4], to: .published)
            try await store.setDeadLetters([4], to: .kept)
            for (state, numbers) in [
                (DeadLetter.State.new, [2]), (.published, [1]), (.retried, [3]), (.discarded, [4] as [Int64]),
            ] {
                #expect(try await store.deadLetters(state: state, limit: 9).map(\.number) == numbers)
            }
            #expect(try await store.deadLetters(state: nil, limit: 3).map(\.number) == [1, 2, 3])
            #expect(try await store.deadLetters(in: nil, after: 1, limit: 2).map(\.number) == [2, 3])
            #expect(try await store.statistics(now: Sample.noon).newDeadLetters == 2)
        }
    }

    @Test(arguments: StoreKind.all) func cursorsNeverGoBack(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.cursor("outcomes") == 0)
            for place: Int64 in [4, 9, 7] { try await store.setCursor("outcomes", to: place) }
            try await store.setCursor("log", to: 2)
            #expect(try await store.cursor("outcomes") == 9)
            #expect(try await store.cursor("log") == 2)
        }
    }

    @Test(arguments: StoreKind.all) func aPolicyVersionKeepsItsFirstText(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await store.savePolicy(version: "1", text: "规则一")
            try await store.savePolicy(version: "2", text: "规则二")
            try await store.savePolicy(version: "1", text: "other")
            #expect(try await store.policies() == ["1": "规则一", "2": "规则二"])
        }
    }

    @Test(arguments: StoreKind.all) func statisticsCountWhatIsThere(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.commit(
                Commit {
                    $0.facts = [Sample.fact("a"), Sample.fact("b")]
                    $0.matters = [
                        Sample.matter("complaint/1", wakeAt: Sample.noon - .minutes(1)),
                        Sample.matter("complaint/2", wakeAt: Sample.noon + .minutes(1)),
                        Sample.matter("complaint/3", isOpen: false),
                    ]
                    $0.notifications = [Sample.notification("n", at: Sample.noon - .minutes(4))]
                }
            )
            let figures = try await store.statistics(now: Sample.noon)
            #expect(figures.facts == 2 && figures.openMatters == 2 && figures.overdueWakeUps == 1)
            #expect(figures.matters == 3)
            var known = try await store.matters(["complaint/1", "complaint/3"])
            for index in known.indices {
                known[index].version += 1
                known[index].isOpen.toggle()
            }
            known.append(Sample.matter("duty/A15", enterprise: nil))
            let changed = known
            func open() async throws -> Int64 { try await store.statistics(now: Sample.noon).openMatters }
            _ = try await store.commit(Commit { $0.matters = changed })
            #expect(try await open() == 2, "one was closed and one opened")
            var last = try #require(try await store.matters(["complaint/3"]).first)
            last.version += 1
            last.isOpen = false
            let closed = last
            _ = try await store.commit(Commit { $0.matters = [closed] })
            #expect(try await open() == 1)
            #expect(figures.oldestPending == Sample.noon - .minutes(4))
        }
    }

    @Test(arguments: StoreKind.all) func anUntouchedStoreIsSound(_ kind: StoreKind) async throws {
        try await kind.with { store in
            #expect(try await store.verify { _, _ in } == VerificationReport())
            _ = try await store.commit(
                Commit {
                    $0.journal = (0..<1_500).map { Sample.record(MatterID("complaint/\($0)")) }
                    $0.ledger = [Sample.posting("a"), Sample.posting("b")]
                }
            )
            let ticks = Ticks()
            let report = try await store.verify { done, total in ticks.note(done, total) }
            #expect(report.isSound && report.journalRecords == 1_500 && report.ledgerEntries == 2)
            #expect(ticks.all == [[1_000, 1_502], [1_502, 1_502]])
        }
    }
}
