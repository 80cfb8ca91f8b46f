import Duty
import Foundation

/// The history of one park in a file, through `dutyclock replay` in a process of its own: from its start to its end.
struct ReplayPhase {
    private static let turns = 3

    let bench: Workbench

    func run() async throws {
        let park = Workload(enterprises: 500, complaints: 50_000, start: Workload.day.start)
        let events = park.history(every: .seconds(40))
        let file = bench.path("history.jsonl")
        let lines = events.flatMap { event -> [UInt8] in JSONWriter.encode(event.structured) + [0x0A] }
        try Data(lines).write(to: URL(fileURLWithPath: file))
        var best = 0.0
        for _ in 0..<Self.turns {
            let took = try await Workbench.time { try replay(file, of: events.count) }
            best = max(best, Workbench.rate(events.count, took))
        }
        Workbench.report("dutyclock replay, \(events.count) events of one park", "\(Int(best)) events/s")
    }

    private func replay(_ file: String, of count: Int) throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = try Workbench.program("dutyclock")
        process.arguments = ["replay", file, "--json", "--config", "config/dutyclock.yaml"]
        process.standardOutput = output
        try process.run()
        let said = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        let report = process.terminationStatus == 0 ? try JSONReader.decode(said) : .null
        guard report["policies"]?.array?.first?["totals"]?["accepted"]?.integer == Int64(count) else {
            throw Workbench.Failure(description: "the replay has not taken all \(count) events")
        }
    }
}
