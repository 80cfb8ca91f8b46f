/// The W3C trace context of an event, as far as it is handed on.
package enum TraceContext {
    /// Characters of a `traceparent`: version, trace, parent and flags with the hyphens between them.
    private static let length = 55

    /// `text` as a `traceparent` that may be handed on; nil where it is none, which by the recommendation (Trace
    /// Context, 3.2.2) is passed over rather than passed on.
    ///
    /// Of a version to come the part that this one knows is kept.
    package static func traceparent(_ text: String?) -> String? {
        guard let bytes = text?.utf8, bytes.count >= length else { return nil }
        let known = Array(bytes.prefix(length))
        let parts = known.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2], parts.allSatisfy({ $0.allSatisfy(isHexadecimal) }),
            !parts[0].allSatisfy({ $0 == UInt8(ascii: "f") }), hasNumber(parts[1]), hasNumber(parts[2])
        else { return nil }
        if bytes.count > length {
            let isFirstVersion = parts[0].allSatisfy { $0 == UInt8(ascii: "0") }
            guard !isFirstVersion, bytes.dropFirst(length).first == UInt8(ascii: "-") else { return nil }
        }
        return String(validating: known, as: UTF8.self)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    private static func hasNumber(_ digits: ArraySlice<UInt8>) -> Bool {
        digits.contains { $0 != UInt8(ascii: "0") }
    }
}
