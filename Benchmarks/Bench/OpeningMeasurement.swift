import Engine
import Foundation
import Storage
import Telemetry

/// What opening a store took.
struct Opening: Codable, CustomStringConvertible {
    /// From opening the file to the end of the first turn of the engine, or of the program from its start to ready.
    let seconds: Double
    let memory: Memory

    var description: String { String(format: "%.3f s, ", seconds) + memory.description }
}

/// What a process occupies, in bytes.
struct Memory: Codable, CustomStringConvertible {
    let resident: Int
    /// Without the pages of files, which the kernel takes back when it needs them: programs and the database.
    let own: Int

    /// That of a process by its number, or of this one; `statm` counts pages: all, resident, those of files.
    static func of(_ process: String = "self") throws -> Memory {
        let text = try String(contentsOfFile: "/proc/\(process)/statm", encoding: .utf8)
        let pages = text.split(separator: " ").compactMap { Int($0) }
        guard pages.count > 2 else {
            throw Workbench.Failure(description: "/proc/\(process)/statm has another form")
        }
        let size = Int(sysconf(Int32(_SC_PAGESIZE)))
        return Memory(resident: pages[1] * size, own: (pages[1] - pages[2]) * size)
    }

    var description: String {
        let megabytes = [resident, own].map { Double($0) / 1_048_576 }
        return String(format: "resident %.1f MB, %.1f MB of it without files", megabytes[0], megabytes[1])
    }
}

/// Opens one store in this process, which does nothing else.
struct OpeningMeasurement {
    private static let word = "open"

    private let file: String

    /// Nil if the command line asks for something else.
    init?(_ arguments: [String]) {
        guard arguments.count == 2, arguments[0] == Self.word else { return nil }
        file = arguments[1]
    }

    /// This program once more, for one store.
    static func inProcessOfItsOwn(_ file: String) throws -> Opening {
        let process = Process()
        let output = Pipe()
        process.executableURL = Bundle.main.executableURL
        process.arguments = [word, file]
        process.standardOutput = output
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Workbench.Failure(description: "\(file) could not be opened")
        }
        return try JSONDecoder().decode(Opening.self, from: said)
    }

    /// Prints an `Opening` as JSON.
    func run() async throws {
        let book = try Workbench.book()
        let clock = SystemClock()
        let began = ContinuousClock.now
        let store = try SQLiteStore(path: file)
        let engine = Engine(
            store: store,
            book: book,
            clock: clock,
            metrics: DutyclockMetrics(),
            observer: Silent()
        )
        try await engine.wake()
        _ = try await store.statistics(now: clock.now())
        let took = ContinuousClock.now - began
        let opening = Opening(seconds: took / .seconds(1), memory: try .of())
        try await store.close()
        try FileHandle.standardOutput.write(contentsOf: JSONEncoder().encode(opening))
    }
}
