import Duty
import Foundation
import Storage
import Testing

/// A kind of store, as the conformance suite opens it: on an empty folder of its own.
struct StoreKind: Sendable, CustomTestStringConvertible {
    let name: String
    let open: @Sendable (Scratch) throws -> any Store
    var testDescription: String { name }

    /// Every store that dutyclock has.
    static let all = [StoreKind(name: "SQLite") { try SQLiteStore(path: $0.database) }]

    func with<Result>(_ body: (any Store) async throws -> Result) async throws -> Result {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let store = try open(scratch)
        let result = try await body(store)
        try await store.close()
        return result
    }
}

/// What every store has to do for the engine; delivery and records have suites of their own.
@Suite struct StoreConformance {
    @Test(arguments: StoreKind.all) func aCommitReadsBackAsItWasWritten(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let facts = [
                Sample.fact("b"), Sample.fact("a", enterprise: nil), Sample.fact("a", source: "/other"),
            ]
            var state = MatterState()
            state.isOrphanReported = true
            let matter = Sample.matter(wakeAt: Sample.noon + .minutes(15), state: state)
            let receipt = try await store.commit(
                Commit {
                    $0.facts = facts
                    $0.matters = [matter]
                    $0.journal = [Sample.record(), Sample.record(nil)]
                    $0.ledger = [Sample.posting("one"), Sample.posting("two", person: nil)]
                    $0.notifications = [Sample.notification("n1", urgency: 0)]
                    $0.deadLetters = [Sample.letter(7)]
                    $0.offsets = [StoredOffset(topic: "park.events", partition: 2, next: 8)]
                }
            )
            #expect(receipt.journal.map(\.sequence) == [1, 2])
            let read = try #require(try await store.matters(["complaint/none", "complaint/1"]).first)
            #expect(read.id == matter.id && read.version == 1 && read.enterprise == "E-1" && read.isOpen)
            #expect(read.policyVersion == "2023-4.1" && read.wakeAt == matter.wakeAt && read.state == state)
            #expect(read.facts == facts)
            let journal = try await store.journal(after: 0, limit: 10)
            #expect(journal == receipt.journal)
            #expect(journal.first?.entries == Sample.record().entries && journal.last?.matter == nil)
            #expect(
                try await store.ledger(fine: nil).map(\.posting) == [
                    Sample.posting("one").posting, Sample.posting("two", person: nil).posting,
                ]
            )
            let told = try #require(try await store.notification("n1"))
            #expect(told.notification == Sample.notification("n1", urgency: 0))
            #expect(told.state == .pending && told.nextAt == Sample.noon && told.attempts.isEmpty)
            #expect(told.acknowledgement == nil)
            #expect(try await store.offsets() == [StoredOffset(topic: "park.events", partition: 2, next: 8)])
            #expect(try store.offsetsBlocking() == (try await store.offsets()))
        }
    }

    @Test(arguments: StoreKind.all) func aDeadLetterKeepsEveryByteOfItsRecord(_ kind: StoreKind) async throws
    {
        try await kind.with { store in
            let letters = [
                Sample.letter(1), Sample.letter(2, value: nil, key: [0x00]), Sample.letter(3, value: []),
            ]
            _ = try await store.commit(Commit { $0.deadLetters = letters })
            let read = try await store.deadLetters(state: .new, limit: 10)
            #expect(read.map(\.value) == letters.map(\.value))
            #expect(read.map(\.key) == letters.map(\.key))
            #expect(read.map(\.headers) == letters.map(\.headers))
            #expect(read.map(\.number) == [1, 2, 3])
            #expect(try await store.deadLetter(2)?.detail == "第 1 个字节")
            #expect(try await store.deadLetter(9) == nil)
        }
    }

    private static func full(_ id: String, version: Int64) -> Commit {
        Commit {
            $0.facts = [Sample.fact(id), Sample.fact(id + "-new", of: "complaint/2")]
            $0.matters = [Sample.matter(version: version), Sample.matter("complaint/2")]
            $0.journal = [Sample.record()]
            $0.ledger = [Sample.posting(id)]
            $0.notifications = [Sample.notification("n-" + id)]
            $0.deadLetters = [Sample.letter(9)]
            $0.offsets = [StoredOffset(topic: "park.events", partition: 0, next: 99)]
        }
    }

    private static func seed(_ store: any Store) async throws {
        _ = try await store.commit(
            Commit {
                $0.facts = [Sample.fact("old")]
                $0.matters = [Sample.matter()]
                $0.journal = [Sample.record()]
                $0.ledger = [Sample.posting("first")]
                $0.offsets = [StoredOffset(topic: "park.events", partition: 0, next: 5)]
            }
        )
    }

    @Test(arguments: StoreKind.all) func aDuplicateEventIsRefusedWithItsWholeCommit(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            try await Self.seed(store)
            let before = try await store.contents(of: ["complaint/1", "complaint/2"])
            let known = EventKey(source: "/desk", id: "old")
            await #expect(throws: StoreError.duplicateEvents([known])) {
                try await store.commit(Self.full("old", version: 2))
            }
            let twice = Commit { $0.facts = [Sample.fact("x"), Sample.fact("x", of: "complaint/2")] }
            await #expect(throws: StoreError.duplicateEvents([EventKey(source: "/desk", id: "x")])) {
                try await store.commit(twice)
            }
            #expect(try await store.contents(of: ["complaint/1", "complaint/2"]) == before)
            _ = try await store.commit(Self.full("later", version: 2))
            #expect(try await store.verify { _, _ in }.isSound)
        }
    }

    @Test(arguments: StoreKind.all) func aStaleMatterIsRefusedWithItsWholeCommit(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            try await Self.seed(store)
            let before = try await store.contents(of: ["complaint/1", "complaint/2"])
            for version: Int64 in [1, 3, 0] {
                await #expect(throws: StoreError.staleMatter("complaint/1")) {
                    try await store.commit(Self.full("later", version: version))
                }
            }
            await #expect(throws: StoreError.staleMatter("complaint/3")) {
                try await store.commit(Commit { $0.matters = [Sample.matter("complaint/3", version: 2)] })
            }
            #expect(try await store.contents(of: ["complaint/1", "complaint/2"]) == before)
            _ = try await store.commit(Self.full("later", version: 2))
            #expect(try await store.matters(["complaint/1"]).first?.version == 2)
            #expect(try await store.verify { _, _ in }.isSound)
        }
    }

    @Test(arguments: StoreKind.all) func aLedgerEntryIsPostedOnce(_ kind: StoreKind) async throws {
        try await kind.with { store in
            try await Self.seed(store)
            let before = try await store.contents(of: ["complaint/1"])
            await #expect(throws: (any Error).self) {
                try await store.commit(
                    Commit {
                        $0.facts = [Sample.fact("later")]
                        $0.journal = [Sample.record()]
                        $0.ledger = [Sample.posting("second"), Sample.posting("first")]
                    }
                )
            }
            #expect(try await store.contents(of: ["complaint/1"]) == before)
            _ = try await store.commit(Commit { $0.ledger = [Sample.posting("second")] })
            #expect(try await store.verify { _, _ in }.isSound)
        }
    }

    @Test(arguments: StoreKind.all) func offsetsOnlyGrow(_ kind: StoreKind) async throws {
        try await kind.with { store in
            for next: Int64 in [3, 9, 4] {
                _ = try await store.commit(
                    Commit {
                        $0.offsets = [
                            StoredOffset(topic: "a", partition: 0, next: next),
                            StoredOffset(topic: "a", partition: 1, next: 10 - next),
                        ]
                    }
                )
            }
            let offsets = Set(try await store.offsets())
            #expect(
                offsets == [
                    StoredOffset(topic: "a", partition: 0, next: 9),
                    StoredOffset(topic: "a", partition: 1, next: 7),
                ]
            )
        }
    }

    @Test(arguments: StoreKind.all) func wakeUpsComeInOrderAndNoMoreThanAskedFor(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            #expect(try await store.nextWakeUp() == nil)
            let minutes: [Int64] = [7, 3, 9, 1, 5]
            _ = try await store.commit(
                Commit {
                    $0.matters = minutes.map {
                        Sample.matter(MatterID("complaint/\($0)"), wakeAt: Sample.noon + .minutes($0))
                    }
                    $0.matters.append(Sample.matter("complaint/never"))
                }
            )
            let all = try await store.wakeUps(until: Sample.noon + .minutes(7), limit: 10)
            #expect(all.map(\.matter) == ["complaint/1", "complaint/3", "complaint/5", "complaint/7"])
            #expect(all.map(\.at) == [1, 3, 5, 7].map { Sample.noon + .minutes($0) })
            #expect(try await store.wakeUps(until: Sample.noon + .days(1), limit: 2).count == 2)
            #expect(try await store.wakeUps(until: Sample.noon, limit: 10).isEmpty)
            #expect(try await store.nextWakeUp() == Sample.noon + .minutes(1))
            _ = try await store.commit(Commit { $0.matters = [Sample.matter("complaint/1", version: 2)] })
            #expect(try await store.nextWakeUp() == Sample.noon + .minutes(3))
        }
    }

    @Test(arguments: StoreKind.all) func openMattersOfAnEnterpriseAreFound(_ kind: StoreKind) async throws {
        try await kind.with { store in
            _ = try await store.commit(
                Commit {
                    $0.matters = [
                        Sample.matter("complaint/2"), Sample.matter("complaint/1"),
                        Sample.matter("complaint/3", isOpen: false),
                        Sample.matter("fine/1", enterprise: "E-2"),
                        Sample.matter("case/1", enterprise: nil),
                    ]
                }
            )
            #expect(
                try await store.openMatters(of: "E-1", at: Sample.noon) == ["complaint/1", "complaint/2"]
            )
            #expect(try await store.closedMatters(of: "E-1", at: Sample.noon) == ["complaint/3"])
            #expect(try await store.closedMatters(of: "E-2", at: Sample.noon).isEmpty)
            #expect(try await store.openMatters(of: "E-2", at: Sample.noon) == ["fine/1"])
            #expect(try await store.openMatters(of: "E-9", at: Sample.noon).isEmpty)
            _ = try await store.commit(
                Commit { $0.matters = [Sample.matter("complaint/1", version: 2, enterprise: "E-2")] }
            )
            #expect(try await store.openMatters(of: "E-1", at: Sample.noon) == ["complaint/2"])
            #expect(try await store.openMatters(of: "E-2", at: Sample.noon) == ["complaint/1", "fine/1"])
            #expect(
                try await store.matterIDs(of: .complaint) == ["complaint/1", "complaint/2", "complaint/3"]
            )
            #expect(try await store.matterIDs(of: .penalty).isEmpty)
        }
    }

    @Test(arguments: StoreKind.all) func undecidedMattersAreFollowedUntilTheirTime(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            func undecided(
                _ id: MatterID,
                version: Int64 = 1,
                until: Instant?,
                enterprise: EnterpriseID = "E-1"
            )
                -> StoredMatter
            {
                var matter = Sample.matter(id, version: version, enterprise: enterprise, isOpen: until == nil)
                matter.undecidedUntil = until
                return matter
            }
            let end = Sample.noon + .hours(24)
            _ = try await store.commit(
                Commit {
                    $0.matters = [
                        undecided("case/2", until: end), undecided("case/1", until: nil),
                        Sample.matter("case/3", isOpen: false),
                        undecided("case/4", until: end, enterprise: "E-2"),
                    ]
                }
            )
            #expect(try await store.matters(["case/2"]).first?.undecidedUntil == end)
            #expect(try await store.openMatters(of: "E-1", at: end - .seconds(1)) == ["case/1", "case/2"])
            #expect(try await store.closedMatters(of: "E-1", at: end - .seconds(1)) == ["case/3"])
            #expect(try await store.openMatters(of: "E-1", at: end) == ["case/1"])
            #expect(try await store.closedMatters(of: "E-1", at: end) == ["case/2", "case/3"])
            // It opens, another one goes over to the other enterprise.
            _ = try await store.commit(
                Commit {
                    $0.matters = [
                        undecided("case/2", version: 2, until: nil),
                        undecided("case/4", version: 2, until: end, enterprise: "E-1"),
                    ]
                }
            )
            #expect(
                try await store.openMatters(of: "E-1", at: Sample.noon) == ["case/1", "case/2", "case/4"]
            )
            #expect(try await store.openMatters(of: "E-2", at: Sample.noon).isEmpty)
            // An open one is no undecided one any more, whatever the time.
            #expect(try await store.openMatters(of: "E-1", at: end) == ["case/1", "case/2"])
            #expect(try await store.closedMatters(of: "E-1", at: end) == ["case/3", "case/4"])
        }
    }

    @Test(arguments: StoreKind.all) func aSecretIsTheFirstThatWasKept(_ kind: StoreKind) async throws {
        try await kind.with { store in
            let first = try await store.secret(named: "links", orKeep: [0, 255, 1])
            #expect(first == [0, 255, 1])
            #expect(try await store.secret(named: "links", orKeep: [2]) == first)
            #expect(try await store.secret(named: "others", orKeep: [2]) == [2])
            #expect(try await store.cursor("links") == 0)
        }
    }

    @Test(arguments: StoreKind.all) func amendmentsAreFoundByWhatTheyAreAboutAndMoved(
        _ kind: StoreKind
    ) async throws {
        try await kind.with { store in
            func around(_ ids: String...) async throws -> [String] {
                try await store.events(around: ids).map { "\($0.key.source) \($0.key.id) in \($0.matter)" }
                    .sorted()
            }
            _ = try await store.commit(
                Commit {
                    $0.facts = [
                        Sample.amendment("c1", of: "target"), Sample.amendment("c2", of: "target"),
                        Sample.amendment("c3", of: "other/with/slashes"), Sample.amendment("own", of: "own"),
                        Sample.amendment("void", of: "plain", source: Fact.reflectionSource),
                        Sample.fact("plain"), Sample.fact("plain", source: "/app"),
                    ]
                    $0.matters = [Sample.matter()]
                }
            )
            // What the daemon itself voids is never looked for by anybody.
            #expect(try await store.addressedEvents() == ["target", "other/with/slashes", "own"])
            #expect(try await around("plain") == ["/app plain in complaint/1", "/desk plain in complaint/1"])
            #expect(
                try await around("target", "c1", "nobody")
                    == ["/desk c1 in waiting/target", "/desk c2 in waiting/target"]
            )
            #expect(try await around("own") == ["/desk own in waiting/own"])
            _ = try await store.commit(
                Commit {
                    $0.facts = [Sample.fact("target")]
                    $0.moves = ["c1", "c2"].map {
                        (event: EventKey(source: "/desk", id: $0), to: "complaint/1")
                    }
                    $0.matters = [Sample.matter(version: 2)]
                }
            )
            #expect(try await store.addressedEvents() == ["target", "other/with/slashes", "own"])
            #expect(try await around("target").count == 3)
            let facts = try await store.matters(["complaint/1"]).first?.facts ?? []
            #expect(Set(facts.map(\.key.id)) == ["plain", "target", "c1", "c2"])
            #expect(facts.allSatisfy { $0.matter == "complaint/1" })
        }
    }
}
