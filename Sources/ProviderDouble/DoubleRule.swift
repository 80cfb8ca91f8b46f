import Duty

/// What a scripted provider does with a request that is right.
enum Behaviour: Hashable, Sendable {
    case accept
    /// Says no with this code.
    case refuse(code: String, status: Int?, retryAfter: Int64?)
    /// Takes the message and closes the connection without an answer.
    case die
    /// Says yes twice.
    case twice
    /// Says yes and tells nobody.
    case drop
    /// Says that it is asked too often.
    case throttle(retryAfter: Int64?)
    /// Says yes without these recipients.
    case partial(unreachable: [String])
}

/// One line of the script: for which requests, how often, and what.
struct DoubleRule: Sendable {
    /// Nil: any provider.
    let provider: Provider?
    /// The end of the path, to tell the fetching of a token from a message; nil: any message.
    let path: String?
    /// A piece of the text that people would read; nil: any text.
    let contains: String?
    /// For how many requests it holds; nil: for all.
    var times: Int?
    let behaviour: Behaviour
    /// How long the answer is held back; the request counts as received at once.
    let delay: Span

    func matches(_ provider: Provider, _ request: DoubleRequest, _ letter: Letter) -> Bool {
        guard times != 0, self.provider == nil || self.provider == provider else { return false }
        if let path {
            guard request.path.hasSuffix(path) else { return false }
        } else if !letter.isMessage {
            return false
        }
        return contains.map { letter.text.contains($0) } ?? true
    }
}

extension DoubleRule {
    private static let names: Set<String> = [
        "provider", "path", "contains", "times", "behaviour", "code", "status", "retryAfterSeconds",
        "unreachable", "delayMilliseconds",
    ]

    /// Reads `{"provider": "wecom-robot", "behaviour": "refuse", "code": 45009, "times": 1}`.
    init(_ value: Value) throws(DoubleProblem) {
        guard let members = value.members else { throw DoubleProblem("a rule must be an object") }
        for member in members where !DoubleRule.names.contains(member.name) {
            throw DoubleProblem("\(member.name) is no part of a rule")
        }
        if let word = value["provider"] {
            guard let known = word.string.flatMap(Provider.init(rawValue:)) else {
                throw DoubleProblem("unknown provider \(JSONWriter.text(word))")
            }
            provider = known
        } else {
            provider = nil
        }
        path = value["path"]?.string
        contains = value["contains"]?.string
        times = value["times"]?.integer.map { Int(clamping: max(0, $0)) }
        delay = .milliseconds(value["delayMilliseconds"]?.integer ?? 0)
        behaviour = try DoubleRule.behaviour(value)
    }

    private static func behaviour(_ value: Value) throws(DoubleProblem) -> Behaviour {
        let retryAfter = value["retryAfterSeconds"]?.integer
        switch value["behaviour"]?.string ?? "accept" {
        case "accept": return .accept
        case "die": return .die
        case "twice": return .twice
        case "drop": return .drop
        case "throttle": return .throttle(retryAfter: retryAfter)
        case "partial":
            return .partial(unreachable: value["unreachable"]?.array?.compactMap(\.string) ?? [])
        case "refuse":
            guard let code = value["code"].flatMap({ $0.string ?? $0.integer.map { String($0) } }) else {
                throw DoubleProblem("refuse needs a code")
            }
            let status = value["status"]?.integer.map { Int(clamping: min(599, max(200, $0))) }
            return .refuse(code: code, status: status, retryAfter: retryAfter)
        case let word: throw DoubleProblem("unknown behaviour \(word)")
        }
    }
}

extension Span {
    static func milliseconds(_ count: Int64) -> Span { Span(microseconds: count &* 1_000) }
}
