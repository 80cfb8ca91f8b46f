import Duty
import Engine
import Storage
import Telemetry

/// What becomes of a reply to a text message.
extension AnswerDesk {
    /// The words are values of `replies_total{result}`.
    enum ReplyResult: String, Sendable, CaseIterable {
        case acknowledged, responded
        /// It was on record already, or is no longer wanted.
        case repeated
        case unknownNumber, unknownText, unknownMatter
    }

    /// How much older than its arrival a reply may say it is.
    private static let longestWay = Span.hours(24)

    /// Puts the answer that a reply means where all events come in.
    ///
    /// - Throws: `EventGateway.Refusal` if it is not safe there, or what the store says; then the provider has to
    ///   send it again.
    func take(_ reply: ReplyBody.Reply) async throws -> ReplyResult {
        guard let mobile = MobileNumber(reply.phone), let person = owner(mobile.digits) else {
            return note(.unknownNumber, reply)
        }
        guard let text = ReplyText(reply.text) else { return note(.unknownText, reply) }
        guard let found = try await newest(number: text.number, person: person) else {
            return note(.unknownMatter, reply)
        }
        let content = Self.content(text.meaning)
        let answer = Answer(
            notification: found.notification.notification,
            content: content,
            at: time(of: reply),
            via: "sms-reply",
            enterprise: found.matter.enterprise
        )
        guard found.offers(answer.action) else { return note(.repeated, reply) }
        try await take(answer)
        return note(answer.action == .respond ? .responded : .acknowledged, reply)
    }

    /// To have contacted somebody without a word about how is no more than to have seen the message.
    private static func content(_ meaning: ReplyText.Meaning) -> Answer.Content {
        switch meaning {
        case .acknowledge, .contacted(mode: nil): .acknowledgement
        case .contacted(let mode?): .response(mode: mode)
        }
    }

    /// What that person heard last about the matter with this number.
    private func newest(number: String, person: PersonRef) async throws -> AnswerCase? {
        let ids = MatterType.allCases.map { MatterID(type: $0, number: number) }
        for matter in try await store.matters(ids) {
            let told = try await store.notifications(of: matter.id).filter {
                $0.notification.recipient.person == person && $0.notification.messageClass == .personal
            }
            let newest = told.max { $0.notification.requestedAt < $1.notification.requestedAt }
            if let newest { return found(newest, matter) }
        }
        return nil
    }

    /// The provider's time, unless it is none that can be: then the arrival.
    private func time(of reply: ReplyBody.Reply) -> Instant {
        let now = clock.now()
        guard let sent = reply.sentAt, sent <= now, now - sent <= Self.longestWay else { return now }
        return sent
    }

    private func note(_ result: ReplyResult, _ reply: ReplyBody.Reply) -> ReplyResult {
        metrics.replies(result.rawValue).add()
        switch result {
        case .acknowledged, .responded, .repeated: break
        case .unknownNumber, .unknownText, .unknownMatter:
            log.write(
                level: .warn,
                message: "reply not understood",
                fields: [
                    ("duty.reason", .string(result.rawValue)),
                    ("duty.phone", .string(MobileNumber(reply.phone)?.masked ?? "")),
                ]
            )
        }
        return result
    }
}
