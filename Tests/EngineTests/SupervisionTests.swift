import Duty
import Engine
import Storage
import Testing

/// The sums that the store keeps are those over its matters, whatever became of the commits.
@Suite struct SupervisionTests {
    private let monday = World.monday

    private func sums(_ world: World) async throws -> (kept: Figures, counted: Figures) {
        var counted = Figures()
        for type in MatterType.allCases {
            for matter in try await world.store.matters(try await world.store.matterIDs(of: type)) {
                counted += Figures(matter.state)
            }
        }
        return (try await world.store.statistics(now: monday).supervision, counted.total)
    }

    /// Three appeals: answered in time, late by a correction, never; and a fine with its shares.
    private func story() throws -> [(at: Instant, facts: [Fact])] {
        let fine: KeyValuePairs<String, Value> = [
            "deptId": "D-1", "amountFen": 100_001, "currency": "CNY", "revision": 1,
        ]
        let decision: KeyValuePairs<String, Value> = [
            "decisionId": "AD-1", "attributable": true,
            "decidedBy": ["personRef": "P-3001", "role": "office"],
        ]
        return [
            (
                monday,
                try Event.roster() + [try Event.filed("1"), try Event.filed("2"), try Event.filed("3")]
            ),
            (monday + .minutes(10), [try Event.responded("1", at: monday + .minutes(9))]),
            (
                monday + .minutes(40),
                [
                    try Event.responded("2", at: monday + .minutes(29)),
                    try Event.fact(.fineIssued, "fine", at: monday, fine),
                    try Event.fact(.fineAttributed, "yes", at: monday + .minutes(39), decision),
                ]
            ),
            (
                monday + .hours(1),
                [
                    try Event.fact(
                        .recordVoided,
                        "void",
                        at: monday + .hours(1),
                        ["targetId": "responded-2", "targetType": "park.complaint.responded.v1"]
                    )
                ]
            ),
        ]
    }

    private func play(_ world: World, failing store: FlakyStore? = nil) async throws {
        for (index, step) in try story().enumerated() {
            try await world.advance(to: step.at)
            if index > 0 { store?.fail(index % 2 == 0 ? .beforeWriting : .afterWriting) }
            for _ in 0..<3 {
                do {
                    try await world.feed(step.facts, offset: Int64(index))
                    break
                } catch { try await world.engine.recovered() }
            }
        }
        try await world.advance(to: monday + .hours(25))
    }

    @Test func theSumsAreThoseOverAllMatters() async throws {
        try await World.with { world in
            try await play(world)
            let (kept, counted) = try await sums(world)
            #expect(kept == counted)
            // The voided answer leaves the second appeal without one.
            let responses = kept.clock(["A22.response"])
            #expect(responses.rate == Figures.Rate(part: 1, whole: 3) && responses.missing == 2)
            #expect(kept.clock(["A22.solution"]).rate == Figures.Rate(part: 0, whole: 3))
            #expect(kept.postedFen == 50_000 && kept.heldFen == 0)
        }
    }

    @Test func commitsThatFailCountOnceOrNotAtAll() async throws {
        var flaky: FlakyStore?
        try await World.with(wrap: {
            let store = FlakyStore($0)
            flaky = store
            return store
        }) { world in
            try await play(world, failing: flaky)
            let (kept, counted) = try await sums(world)
            #expect(kept == counted)
            #expect(kept.clock(["A22.response"]).rate == Figures.Rate(part: 1, whole: 3))
            #expect(kept.postedFen == 50_000)
        }
    }
}
