import Duty
import Testing

/// Ten brand enterprises, and the office is told of one more.
@Suite struct Article26Tests {
    private let gathering: MatterID = "gathering/A26.brand"

    private func brands(_ numbers: ClosedRange<Int>) throws -> [Fact] {
        try numbers.map { number in
            let time = "2026-03-\(number < 10 ? "0" : "")\(number) 10:00"
            let enterprise = "E-\(number)"
            return try Event.on(
                time,
                .enterpriseRegistered,
                enterprise,
                of: enterprise,
                ["name": .string("厂\(number)"), "brand": true, "inPark": false]
            )
        }
    }

    @Test func tenAreAsManyAsThereMayBe() async throws {
        try await World.county(at: "2026-03-01 10:00") { world in
            try await world.live(try brands(1...10))
            #expect(try await world.told(gathering).isEmpty)
        }
    }

    @Test func theEleventhIsToldToTheOffice() async throws {
        try await World.county(at: "2026-03-01 10:00") { world in
            try await world.live(try brands(1...11))
            same(try await world.told(gathering), ["2026-03-11 10:00 N07 office"])
            let values = try await world.notification(gathering, code: "N07").values
            #expect(values["count"]?.integer == 11 && values["limit"]?.integer == 10)
            #expect(try await world.journal(gathering, "A26.brand").isEmpty)
        }
    }

    @Test func theFlagMayComeAndGoLater() async throws {
        try await World.county(at: "2026-03-01 10:00") { world in
            try await world.feed(try County.enterprise())
            try await world.live(try brands(1...10))
            try await world.live(
                try Event.updated("2026-04-01 10:00", from: "2026-04-01", ["brand": true])
            )
            same(try await world.told(gathering, code: "N07").count, 1)
            try await world.live(
                try Event.updated(
                    "2026-05-01 10:00",
                    from: "2026-05-01",
                    of: "E-5",
                    ["brand": false]
                )
            )
            same(try await world.told(gathering, code: "N75"), ["2026-05-01 10:00 N75 office"])
        }
    }

    @Test func anEnterpriseThatIsGoneIsNoBrandAnyMore() async throws {
        try await World.county(at: "2026-03-01 10:00") { world in
            try await world.live(try brands(1...11))
            try await world.live(
                try Event.on(
                    "2026-04-01 10:00",
                    .enterpriseDeregistered,
                    "E-3",
                    of: "E-3",
                    ["reason": "cancelled"]
                )
            )
            same(try await world.told(gathering, code: "N75"), ["2026-04-01 10:00 N75 office"])
        }
    }

    @Test func aVoidedRegistrationIsTakenBack() async throws {
        try await World.county(at: "2026-03-01 10:00") { world in
            let facts = try brands(1...11)
            try await world.live(facts)
            try await world.live(
                try Event.void(facts[2], at: "2026-04-01 10:00")
            )
            same(try await world.told(gathering, code: "N75"), ["2026-04-01 10:00 N75 office"])
        }
    }
}
