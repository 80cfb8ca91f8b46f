package import Logging

/// Brings what libraries log into the program's own log, with their metadata under `labels.`.
///
/// Libraries are not trusted to keep secrets out of their text, so all of it is masked.
package struct ECSLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level

    private let writer: LogWriter
    private let label: String

    /// Speaks for the library that `label` names.
    ///
    /// Below `level` libraries stay silent, whatever the program's own level is.
    package init(label: String, writer: LogWriter, level: Logger.Level = .warning) {
        self.label = label
        self.writer = writer
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let level = LogLevel(event.level)
        guard writer.isEnabled(level) else { return }
        var line: [UInt8] = []
        writer.appendLine(
            level: level,
            message: Redactor.redact(event.message.description),
            logger: label,
            fields: fields(of: event),
            to: &line
        )
        writer.writeLines(line)
    }

    private func fields(of event: LogEvent) -> [LogField] {
        var fields: [LogField] = []
        if let error = event.error {
            fields.append(("error.type", .string(String(describing: type(of: error)))))
            fields.append(("error.message", .outside(String(describing: error))))
        }
        var all = metadataProvider?.get() ?? [:]
        all.merge(metadata) { $1 }
        all.merge(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            fields.append((Self.labelName(key), .string(Redactor.redact("\(value)", named: key))))
        }
        return fields
    }

    /// Labels are flat: a dot in a key would make an object of it.
    private static func labelName(_ key: String) -> String {
        "labels." + String(key.map { $0 == "." ? "_" : $0 })
    }
}

extension LogLevel {
    init(_ level: Logger.Level) {
        switch level {
        case .trace: self = .trace
        case .debug: self = .debug
        case .info, .notice: self = .info
        case .warning: self = .warn
        case .error: self = .error
        case .critical: self = .fatal
        }
    }
}
