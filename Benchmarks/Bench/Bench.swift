import Foundation

/// Measures the event path: `bench [ADDRESS [PHASE…]]`.
///
/// Every ratio is of figures from one run, because machines differ and are shared.
@main
struct Bench {
    static func main() async {
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("error: \(error)\n".utf8))
            exit(error is Invocation.Mistake ? 64 : 1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        if let opening = OpeningMeasurement(arguments) { return try await opening.run() }
        let invocation = try Invocation(arguments)
        let bench = try Workbench(bootstrap: invocation.bootstrap)
        defer { bench.close() }
        var limit: Double?
        for phase in invocation.phases {
            switch phase {
            case .store: limit = try await StorePhase(bench: bench).run()
            case .kafka: try await KafkaPhase(bench: bench, limit: limit).run()
            case .latency: try await LatencyPhase(bench: bench).run()
            case .lateness: try await LatenessPhase(bench: bench).run()
            case .dispatch: try await DispatchPhase(bench: bench).run()
            case .derive: try await DerivePhase(bench: bench).run()
            case .replay: try await ReplayPhase(bench: bench).run()
            case .million: try await MillionPhase(bench: bench).run()
            case .pages: try await PagesPhase(bench: bench).run()
            }
        }
    }
}
