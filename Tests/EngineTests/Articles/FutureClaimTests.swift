import Duty
import Testing

/// Times from the future that start a clock.
@Suite struct FutureClaimTests {
    private let service: MatterID = "service/SV-1"
    private let rule: RuleID = "A07.hv"

    private func due(accepted: String) async throws -> (due: String?, isFlagged: Bool) {
        var answer: (due: String?, isFlagged: Bool) = (nil, false)
        try await World.county(at: "2026-11-24 10:00") { world in
            try await world.feed(try County.enterprise())
            let requested = try Event.on(
                "2026-11-24 10:00",
                .serviceRequested,
                "SV-1",
                ["kind": "power.hv", "acceptedAt": .string(accepted)]
            )
            try await world.live(requested)
            let started = try await world.entries(service, rule).first { $0.action == "deadline.started" }
            answer = (try await world.due(service, rule), started?.fields["clockSkew"] == true)
        }
        return answer
    }

    @Test(arguments: ["2027-11-24T11:00:00+08:00", "9999-12-31T23:59:59+08:00", "2026-11-24T10:05:01+08:00"])
    func `E23: an acceptance that lies ahead counts from its arrival, and is flagged`(
        _ claim: String
    ) async throws {
        let (found, isFlagged) = try await due(accepted: claim)
        same(found, "2026-12-10 17:30")
        #expect(isFlagged)
    }

    @Test func `E23: an acceptance before the arrival, or hardly after it, stands`() async throws {
        let (earlier, isEarlierFlagged) = try await due(accepted: "2026-11-20T10:00:00+08:00")
        same(earlier, "2026-12-08 17:30")
        let (later, isLaterFlagged) = try await due(accepted: "2026-11-24T10:05:00+08:00")
        same(later, "2026-12-10 17:30")
        #expect(!isEarlierFlagged && !isLaterFlagged)
    }
}
