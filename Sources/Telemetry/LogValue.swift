/// What a field of a log line may hold.
package enum LogValue: Sendable, Equatable {
    case string(String)
    case int(Int64)
    case double(Double)
    case bool(Bool)
    case list([String])

    /// Text from outside the program: secrets and personal data in it are masked.
    package static func outside(_ text: String) -> LogValue { .string(Redactor.redact(text)) }
}

extension LogValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByFloatLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .int(value) }
    package init(floatLiteral value: Double) { self = .double(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: String...) { self = .list(elements) }
}

/// A field's name, dotted, and its value.
package typealias LogField = (name: String, value: LogValue)
