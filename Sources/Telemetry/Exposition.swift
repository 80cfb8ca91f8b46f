/// The two forms in which scrapers read metrics.
///
/// They differ in the header of a counter and an info, and in the end mark; the samples are the same.
package enum ExpositionFormat: Sendable {
    /// OpenMetrics 1.0.
    case openMetrics
    /// The older Prometheus text format 0.0.4.
    case prometheus

    package var contentType: String {
        switch self {
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
        }
    }

    /// What to answer to an `Accept` header: OpenMetrics to whoever names it, else plain text.
    package init(accept: String?) {
        let asked = accept?.lowercased() ?? ""
        self = asked.contains("application/openmetrics-text") ? .openMetrics : .prometheus
    }
}

/// A page of metrics while it is being written.
package struct ExpositionPage {
    private let format: ExpositionFormat
    private var bytes: [UInt8] = []

    init(format: ExpositionFormat) {
        self.format = format
        bytes.reserveCapacity(16_384)
    }

    mutating func header(name: String, kind: MetricKind, help: String, unit: String?) {
        let family = familyName(name, kind)
        line("# HELP \(family) \(Self.escaped(help, quotes: format == .openMetrics))")
        line("# TYPE \(family) \(word(for: kind))")
        if let unit, format == .openMetrics { line("# UNIT \(family) \(unit)") }
    }

    mutating func sample(_ name: String, labels: [Label], integer: Int) {
        sample(name, labels: labels, text: String(integer))
    }

    mutating func sample(_ name: String, labels: [Label], number: Double) {
        sample(name, labels: labels, text: Self.text(number))
    }

    consuming func finish() -> [UInt8] {
        if format == .openMetrics { line("# EOF") }
        return bytes
    }

    /// A number as both formats write it.
    static func text(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Inf" : "+Inf" }
        return "\(number)"
    }

    /// OpenMetrics names the family without the suffix that its samples carry.
    private func familyName(_ name: String, _ kind: MetricKind) -> String {
        guard format == .openMetrics else { return name }
        switch kind {
        case .counter: return String(name.dropLast("_total".count))
        case .info: return String(name.dropLast("_info".count))
        case .gauge, .histogram: return name
        }
    }

    private func word(for kind: MetricKind) -> String {
        kind == .info && format == .prometheus ? MetricKind.gauge.rawValue : kind.rawValue
    }

    private mutating func sample(_ name: String, labels: [Label], text: String) {
        bytes.append(contentsOf: name.utf8)
        for (index, label) in labels.enumerated() {
            bytes.append(UInt8(ascii: index == 0 ? "{" : ","))
            bytes.append(contentsOf: label.name.utf8)
            bytes.append(contentsOf: "=\"".utf8)
            bytes.append(contentsOf: Self.escaped(label.value, quotes: true).utf8)
            bytes.append(UInt8(ascii: "\""))
        }
        if !labels.isEmpty { bytes.append(UInt8(ascii: "}")) }
        bytes.append(UInt8(ascii: " "))
        line(text)
    }

    private mutating func line(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
