/// How much a line matters, least first.
package enum LogLevel: UInt8, Sendable, Comparable, CaseIterable {
    case trace, debug, info, warn, error, fatal

    /// The word that stands in `log.level` and in the configuration.
    package var name: String {
        switch self {
        case .trace: "trace"
        case .debug: "debug"
        case .info: "info"
        case .warn: "warn"
        case .error: "error"
        case .fatal: "fatal"
        }
    }

    /// Reads the configuration's word; nil for any other.
    package init?(name: String) {
        guard let level = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = level
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
