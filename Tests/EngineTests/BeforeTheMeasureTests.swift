import Duty
import Engine
import Storage
import Telemetry
import Testing

/// What happened before the document was in force (question Q47).
@Suite struct BeforeTheMeasureTests {
    private func complaint(_ time: String) throws -> Fact {
        try Event.on(time, .complaintFiled, "CP-1", received: "2026-11-23 14:05", ["kind": "appeal"])
    }

    @Test(arguments: [("2023-08-14 23:59", true), ("2023-08-15 00:00", false)])
    func `Q47 An event from before the measure opens nothing and the log says so`(
        _ time: String,
        _ isBefore: Bool
    ) async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            try await world.feed(try complaint(time))
            same(try await world.matter("complaint/CP-1").state.records.isEmpty, isBefore)
            let file = LogFile()
            let log = JournalLog(log: file.log, metrics: DutyclockMetrics(), rules: RulesInForce(world.book))
            log.write(world.watcher.records.filter { $0.matter == "complaint/CP-1" })
            let line = try #require(
                try file.lines().first { $0["event.action"]?.string == "event.accepted" }
            )
            same(line["duty.not_in_force"]?.bool, isBefore ? true : nil)
            same(line["message"]?.string, isBefore ? "事件早于文件施行日,不产生义务" : "事件已接收")
        }
    }

    /// The profile and the people of an enterprise hold whenever they were said.
    @Test func enterprisesAndTheirPeopleAreNotPassedOver() async throws {
        try await World.county(at: "2026-11-23 14:05") { world in
            for fact in try County.enterprise(since: "2019-03-01 10:00") {
                #expect(!world.book.current.passesOver(fact))
            }
            #expect(world.book.current.passesOver(try complaint("2019-03-01 10:00")))
        }
    }
}
