/// What is wrong with a JSON text, and at which byte.
package struct JSONError: Error, Equatable, CustomStringConvertible {
    package let reason: String
    package let offset: Int
    package var description: String { "\(reason) at byte \(offset)" }
}

/// The one JSON decoder of the project (RFC 8259): strict, bounded in depth, never trapping.
///
/// A repeated member name is refused, because readers differ in which one they keep.
package struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var at = 0
    private var depth = 0

    /// Deeper nesting is refused; no event of the catalogue needs more than five.
    package static let maximumDepth = 32

    /// More members in one object are refused; it bounds the search for repeated names.
    package static let maximumMembers = 512

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Decodes one value that fills `bytes` but for white space around it.
    package static func decode(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> Value {
        let result: Result<Value, JSONError> = bytes.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer)
            do throws(JSONError) {
                let value = try reader.value()
                reader.skipSpace()
                guard reader.at == buffer.count else { throw reader.error("text after the value") }
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    package static func decode(_ bytes: [UInt8]) throws(JSONError) -> Value { try decode(bytes[...]) }

    /// Decodes the UTF-8 of `text`.
    package static func decode(_ text: String) throws(JSONError) -> Value { try decode(Array(text.utf8)) }

    private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: at) }

    private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while at < bytes.count,
            bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09
        {
            at += 1
        }
    }

    private mutating func value() throws(JSONError) -> Value {
        skipSpace()
        guard let byte = current else { throw error("the text ends too early") }
        switch byte {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), 48...57: return try number()
        default: throw error("unexpected character")
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
        let length = word.utf8CodeUnitCount
        guard at + length <= bytes.count,
            (0..<length).allSatisfy({ bytes[at + $0] == word.utf8Start[$0] })
        else { throw error("unexpected word") }
        at += length
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= JSONReader.maximumDepth else { throw error("nested too deep") }
        at += 1
        skipSpace()
    }

    /// After a member or an element: true if another one follows, false if `end` was taken.
    private mutating func more(until end: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard let byte = current else { throw error("the text ends too early") }
        guard byte == UInt8(ascii: ",") || byte == end else { throw error("expected a comma or the end") }
        at += 1
        return byte != end
    }

    private mutating func object() throws(JSONError) -> Value {
        try enter()
        defer { depth -= 1 }
        var members: [Value.Member] = []
        if current == UInt8(ascii: "}") {
            at += 1
            return .object(members)
        }
        members.reserveCapacity(8)
        repeat {
            skipSpace()
            guard current == UInt8(ascii: "\"") else { throw error("expected a member name") }
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else {
                throw error("repeated member \(name)")
            }
            guard members.count < JSONReader.maximumMembers else { throw error("too many members") }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw error("expected a colon") }
            at += 1
            members.append(Value.Member(name, try value()))
        } while try more(until: UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func array() throws(JSONError) -> Value {
        try enter()
        defer { depth -= 1 }
        var values: [Value] = []
        if current == UInt8(ascii: "]") {
            at += 1
            return .array(values)
        }
        repeat { values.append(try value()) } while try more(until: UInt8(ascii: "]"))
        return .array(values)
    }

    private mutating func digits() -> Int {
        let start = at
        while let byte = current, (48...57).contains(byte) { at += 1 }
        return at - start
    }

    private mutating func number() throws(JSONError) -> Value {
        let start = at
        if current == UInt8(ascii: "-") { at += 1 }
        let leadingZero = current == 48
        let whole = digits()
        guard whole > 0, !(leadingZero && whole > 1) else { throw error("malformed number") }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            at += 1
            guard digits() > 0 else { throw error("malformed number") }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            at += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
            guard digits() > 0 else { throw error("malformed number") }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isInteger, let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text), number.isFinite else { throw error("number out of range") }
        return .number(number)
    }

    private mutating func string() throws(JSONError) -> String {
        at += 1
        let start = at
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                let text = try validated(start..<at)
                at += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw error("control character in a string") }
            at += 1
        }
        throw error("the string does not end")
    }

    private func validated(_ range: Range<Int>) throws(JSONError) -> String {
        // Most strings are ASCII, and the general validation is several times as slow.
        let part = UnsafeBufferPointer(rebasing: bytes[range])
        let isASCII = part.allSatisfy { $0 < 0x80 }
        let text = isASCII ? String(decoding: part, as: UTF8.self) : String(validating: part, as: UTF8.self)
        guard let text else { throw error("invalid UTF-8") }
        return text
    }

    /// The slow way, for strings that hold an escape.
    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = try validated(start..<at)
        while let byte = current {
            if byte == UInt8(ascii: "\"") {
                at += 1
                return text
            }
            if byte == UInt8(ascii: "\\") {
                at += 1
                text.unicodeScalars.append(try escape())
                continue
            }
            let from = at
            while let next = current, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") {
                guard next >= 0x20 else { throw error("control character in a string") }
                at += 1
            }
            text += try validated(from..<at)
        }
        throw error("the string does not end")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = current else { throw error("the string does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw error("unknown escape")
        }
    }

    private mutating func unicodeEscape() throws(JSONError) -> Unicode.Scalar {
        let first = try hexUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), current == UInt8(ascii: "\\") else {
            throw error("half of a surrogate pair")
        }
        at += 1
        guard current == UInt8(ascii: "u") else { throw error("half of a surrogate pair") }
        at += 1
        let second = try hexUnit()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw error("half of a surrogate pair") }
        return scalar
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("malformed \\u escape")
            }
            unit = unit << 4 + UInt32(digit)
            at += 1
        }
        return unit
    }
}
