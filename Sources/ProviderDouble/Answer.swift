import Duty

/// What the double sends back.
struct Answer: Sendable {
    var status: Int
    var headers: [(String, String)] = []
    var body: [UInt8]

    init(status: Int = 200, headers: [(String, String)] = [], _ value: Value) {
        self.status = status
        self.headers = headers
        body = JSONWriter.encode(value)
    }

    /// An answer without a body.
    init(status: Int, headers: [(String, String)] = []) {
        self.status = status
        self.headers = headers
        body = []
    }
}

/// How an answer goes over the connection.
enum Manner: Hashable, Sendable {
    case once
    /// The same answer a second time, which nobody asked for.
    case twice
    /// Not at all: the connection is closed.
    case never
}

/// What becomes of one request.
struct Reaction: Sendable {
    let answer: Answer
    let manner: Manner
    let delay: Span
}

extension Value {
    /// An object whose members keep their order.
    static func members(_ members: (String, Value)...) -> Value {
        .object(members.map { Member($0.0, $0.1) })
    }

    static func text(_ text: String) -> Value { .string(text) }

    /// A code as providers write it: a number where it is one.
    static func code(_ code: String) -> Value { Int64(code).map { .integer($0) } ?? .string(code) }
}
