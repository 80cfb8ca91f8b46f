import Duty

/// One HTTP request, read without any of the code that sends.
package struct DoubleRequest: Sendable {
    let method: String
    let path: String
    /// Decoded, in the order of the request.
    let query: [(name: String, value: String)]
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    package init(method: String, path: String, query: String?, headers: [String: String], body: [UInt8]) {
        self.method = method
        self.path = path
        self.query = query.map(DoubleRequest.form) ?? []
        self.headers = headers
        self.body = body
    }

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The first parameter of this name in the query.
    func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

    /// The body as JSON; nil if it is none.
    var json: Value? { try? JSONReader.decode(body) }

    /// The members of a form, in a query or a body: `+` is a space, `%XX` a byte.
    static func form(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
        }
    }

    private static func decoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2).map { Character(Unicode.Scalar($0)) }
            if byte == UInt8(ascii: "%"), digits.count == 2, let high = digits[0].hexDigitValue,
                let low = digits[1].hexDigitValue
            {
                bytes.append(UInt8(high << 4 | low))
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
