import Glibc
import Synchronization

/// The program's log: one line for each thing that happened, on standard output.
///
/// A message is constant; what varies goes into fields. Safe to use from any thread. A descriptor whose
/// reader is slow blocks the caller, as standard output does.
package final class LogWriter: Sendable {
    /// How lines look.
    package enum Format: String, Sendable {
        /// A JSON object a line.
        case json
        /// For people at a terminal.
        case text
    }

    private enum Form {
        case json(ECSLine)
        case text(TextLine)
    }

    private let form: Form
    private let name: String
    private let output: LineOutput
    private let threshold: Atomic<UInt8>
    private let now: @Sendable () -> EpochMilliseconds

    /// Writes to `descriptor`, standard output by default.
    ///
    /// Text is coloured, by default, when the descriptor is a terminal and `NO_COLOR` is not set.
    /// `now` is the wall clock.
    package init(
        identity: ServiceIdentity,
        format: Format = .json,
        level: LogLevel = .info,
        descriptor: Int32 = STDOUT_FILENO,
        colour: Bool? = nil,
        now: (@Sendable () -> EpochMilliseconds)? = nil
    ) {
        output = LineOutput(descriptor: descriptor)
        switch format {
        case .json: form = .json(ECSLine(identity: identity))
        case .text: form = .text(TextLine(colour: colour ?? (output.isTerminal && getenv("NO_COLOR") == nil)))
        }
        name = identity.name
        threshold = Atomic(level.rawValue)
        self.now = now ?? { Timestamp.now() }
    }

    /// Lines below this level are not written; a reload may change it.
    package var level: LogLevel {
        get { LogLevel(rawValue: threshold.load(ordering: .relaxed)) ?? .info }
        set { threshold.store(newValue.rawValue, ordering: .relaxed) }
    }

    /// Lines lost because nobody read them.
    package var lostLines: Int { output.lostLines }

    package func isEnabled(_ level: LogLevel) -> Bool {
        level.rawValue >= threshold.load(ordering: .relaxed)
    }

    /// Writes one line, if its level is wanted.
    package func write(level: LogLevel, message: StaticString, fields: [LogField] = []) {
        guard isEnabled(level) else { return }
        var bytes = Self.emptyLine()
        appendLine(level: level, message: message.description, fields: fields, to: &bytes)
        output.write(bytes)
    }

    /// Appends one line in this log's format, to be written later with others by `writeLines`.
    ///
    /// `logger` is the part of the program that speaks, by default the service itself; `time` is now
    /// unless given.
    package func appendLine(
        level: LogLevel,
        message: String,
        logger: String? = nil,
        time: EpochMilliseconds? = nil,
        fields: [LogField],
        to bytes: inout [UInt8]
    ) {
        let time = time ?? now()
        switch form {
        case .json(let line):
            line.append(
                time: time,
                level: level,
                message: message,
                logger: logger ?? name,
                fields: fields,
                to: &bytes
            )
        case .text(let line):
            line.append(time: time, level: level, message: message, fields: fields, to: &bytes)
        }
    }

    /// Writes lines built before, each ending in a newline, at once and without a level's filter.
    package func writeLines(_ lines: [UInt8]) { output.write(lines) }

    private static func emptyLine() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        return bytes
    }
}
