import Duty

/// Makes the links that personal alerts carry.
package struct AnswerLinks: Sendable {
    /// How long a link opens at least, counted from the decision to tell.
    private static let shortest = Span.hours(72)
    /// Stages of the news that there is nothing left to do.
    private static let closingStages: Set<Substring> = ["met", "withdrawn"]

    let publicURL: String
    let signer: LinkSigner
    private let expiry: Span

    /// `publicURL` has no slash at its end; `expiry` counts from a message's due time.
    package init(publicURL: String, signer: LinkSigner, expiry: Span) {
        self.publicURL = publicURL
        self.signer = signer
        self.expiry = expiry
    }

    /// Where the recipient of `notification` may answer; nil for a group, for mail, and for news that needs no
    /// answer.
    ///
    /// It follows from the notification alone, so that a repeated attempt carries the same link.
    package func link(for notification: Notification) -> String? {
        guard notification.messageClass == .personal, !notification.recipient.isGroup,
            notification.withdraws == nil,
            !Self.closingStages.contains(notification.stage.prefix { $0 != "." && $0 != "~" })
        else { return nil }
        let token = AnswerToken(
            person: notification.recipient.person,
            notification: notification.key,
            expires: expires(notification)
        )
        return signer.sign(token).map { publicURL + "/a/" + $0 }
    }

    private func expires(_ notification: Notification) -> Instant {
        let least = notification.requestedAt + Self.shortest
        return notification.dueAt.map { max($0 + expiry, least) } ?? least
    }
}
