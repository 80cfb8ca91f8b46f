import Duty

/// What the codes of one provider mean, as a table.
struct ProviderCodes: Sendable {
    enum Meaning: Hashable, Sendable {
        case sent
        /// Surely not delivered, and the same message may be tried again here.
        case retry
        /// Surely not delivered, and the provider takes nothing here for so long.
        case throttled(Span)
        /// This message will not go this way; the next channel has it.
        case refused
        /// Nothing will go this way until somebody has looked: the breaker opens, the next channel has it.
        case closed
        /// Perhaps delivered.
        case uncertain
    }

    struct Row: Sendable {
        /// A code, or the beginning of several before a star.
        let code: String
        let meaning: Meaning
        let reason: String

        init(_ code: String, _ meaning: Meaning, _ reason: String) {
            self.code = code
            self.meaning = meaning
            self.reason = reason
        }
    }

    let rows: [Row]

    init(_ rows: [Row]) { self.rows = rows }

    /// The codes that take the channel out of use.
    var openCodes: Set<String> { Set(rows.filter { $0.meaning == .closed }.map(\.code)) }

    /// The codes that take the channel out of use for a known time.
    var pauses: [String: Span] {
        let pauses = rows.compactMap { row -> (String, Span)? in
            if case .throttled(let span) = row.meaning { (row.code, span) } else { nil }
        }
        return Dictionary(pauses) { first, _ in first }
    }

    /// The row of `code`: its own before those that only begin like it.
    func row(_ code: String) -> Row? {
        rows.first { $0.code == code } ?? rows.first { CodePattern.matches($0.code, code) }
    }

    /// What `code` means; `after` is a time that the provider named beside it.
    ///
    /// A code that nobody has written down is a refusal: providers say in words which failures may be repeated.
    func outcome(_ code: String, reference: String? = nil, after: Span? = nil) -> SendOutcome {
        let known = row(code)
        let code = CodePattern.printable(code)
        let reason = known?.reason ?? "refused with a code that is not in the table"
        return switch known?.meaning ?? .refused {
        case .sent: .sent(reference: reference)
        case .retry: .retry(code: code, reason: reason, after: after)
        case .throttled(let span): .retry(code: code, reason: reason, after: max(span, after ?? .zero))
        case .refused, .closed: .failed(code: code, reason: reason)
        case .uncertain: .uncertain(reason: "\(code): \(reason)")
        }
    }

    /// What a reply means: by the code in its body, whatever the status; without one, by the status.
    ///
    /// `code` finds the code, and the provider's own id of the message, in the body.
    func outcome(
        of reply: HTTPReply,
        now: Instant,
        code: (Value) -> (code: String, reference: String?)?
    ) -> SendOutcome {
        switch reply {
        case .notSent(let reason): return .retry(code: "connection", reason: reason, after: nil)
        case .unusable(let reason): return .failed(code: "request", reason: reason)
        case .unanswered(let reason): return .uncertain(reason: reason)
        case .answered(let answer):
            let after = answer.wait(now)
            if let found = answer.json.flatMap(code) {
                return outcome(found.code, reference: found.reference, after: after)
            }
            return ProviderCodes.outcome(status: answer.status, after: after)
        }
    }

    /// A status without a code that could be read.
    private static func outcome(status: Int, after: Span?) -> SendOutcome {
        let code = String(status)
        switch status {
        case 408, 425, 429, 503:
            return .retry(code: code, reason: "the provider asks to try again", after: after)
        case 300..<400: return .failed(code: code, reason: "redirects are not followed")
        case 400..<500: return .failed(code: code, reason: "the provider refused the request")
        // A gateway that breaks may have handed the message on, and 200 alone proves nothing.
        default: return .uncertain(reason: "status \(code) without a code that could be read")
        }
    }
}

/// Codes as they stand in tables and come from outside.
enum CodePattern {
    /// Whether `code` is `pattern`, or begins with what stands before its star.
    static func matches(_ pattern: String, _ code: String) -> Bool {
        pattern.hasSuffix("*") ? code.hasPrefix(pattern.dropLast()) : pattern == code
    }

    /// `code` if it looks like one; what comes from outside goes into logs and the journal.
    static func printable(_ code: String) -> String {
        let isCode =
            (1...64).contains(code.utf8.count)
            && code.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return isCode ? code : "unknown"
    }
}

extension HTTPAnswer {
    /// How long the provider asks to wait, by the standard header or Feishu's.
    fileprivate func wait(_ now: Instant) -> Span? {
        (headers["retry-after"] ?? headers["x-ogw-ratelimit-reset"]).flatMap { RetryAfter.span($0, now: now) }
    }
}
