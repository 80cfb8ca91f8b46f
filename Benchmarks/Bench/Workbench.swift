import Duty
import DutyConfig
import Engine
import Foundation
import Kafka
import Telemetry

/// What the phases share: the project's rules, a folder of their own, and how figures are shown.
struct Workbench {
    /// Why nothing can be measured.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The address of a Kafka broker; nil: the embedded one.
    let bootstrap: String?
    let book: RuleBook
    private let folder: URL

    /// - Throws: `Failure` where the rules cannot be read, as outside of the project's folder.
    init(bootstrap: String?) throws {
        self.bootstrap = bootstrap
        book = try Self.book()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("dutyclock-bench-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Removes everything that was written.
    func close() { try? FileManager.default.removeItem(at: folder) }

    static func book() throws -> RuleBook {
        let policies = PolicyFile.load(path: "config/policy/hengyang-2023-4.yaml")
        let calendars = CalendarFile.load(path: "config/calendars/cn.yaml")
        guard let policy = policies.value, let calendar = calendars.value else {
            let problems = (policies.problems + calendars.problems).map(\.description)
            throw Failure(description: problems.joined(separator: "\n"))
        }
        return RuleBook(
            current: policy.policy,
            calendar: calendar,
            directory: Directory(standing: ["park.head": ["P-9"]])
        )
    }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// A program that was built together with this one.
    static func program(_ name: String) throws -> URL {
        guard let own = Bundle.main.executableURL else { throw Failure(description: "no path of our own") }
        let file = own.deletingLastPathComponent().appendingPathComponent(name)
        guard FileManager.default.isExecutableFile(atPath: file.path) else {
            throw Failure(description: "no \(file.path); build it first")
        }
        return file
    }

    static func silentLog() -> LogWriter {
        LogWriter(
            identity: ServiceIdentity(name: "bench", version: "0"),
            level: .error,
            descriptor: open("/dev/null", O_WRONLY)
        )
    }

    /// The facts of the events, as if all had arrived at one moment.
    static func batch(_ events: some Sequence<CloudEvent>, receivedAt: Instant) -> Batch {
        Batch(
            items: events.compactMap { event in
                (try? EventValidation.fact(event, receivedAt: receivedAt)).map { .fact($0, nil) }
            }
        )
    }

    // MARK: Figures

    static func report(_ label: String, _ value: String) {
        print(label.padding(toLength: 62, withPad: " ", startingAt: 0) + value)
    }

    /// So many a second.
    static func rate(_ count: Int, _ time: Duration) -> Double { Double(count) / (time / .seconds(1)) }

    static func time(_ body: () async throws -> Void) async rethrows -> Duration {
        let began = ContinuousClock.now
        try await body()
        return ContinuousClock.now - began
    }
}

/// The middle, the worst of a hundred but one, and the worst.
struct Distribution: CustomStringConvertible {
    private let sorted: [Duration]

    /// Of at least one value.
    init(_ values: [Duration]) { sorted = values.sorted() }

    /// All of them in milliseconds.
    var middle: Double { sorted[sorted.count / 2] / .milliseconds(1) }
    var worstOfHundred: Double { sorted[sorted.count * 99 / 100] / .milliseconds(1) }
    var worst: Double { sorted[sorted.count - 1] / .milliseconds(1) }

    private func milliseconds(_ index: Int) -> String {
        String(format: "%.1f", sorted[index] / .milliseconds(1))
    }

    var description: String {
        let values = [sorted.count / 2, sorted.count * 99 / 100, sorted.count - 1].map(milliseconds)
        return values.joined(separator: " / ") + " ms"
    }
}

extension Collection where Index == Int {
    func chunks(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
