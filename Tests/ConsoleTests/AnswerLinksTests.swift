import Duty
import Testing

@testable import Console

@Suite struct AnswerLinksTests {
    private static let now = Instant(seconds: 1_795_415_700)
    private let signer = LinkSigner(secret: Array(repeating: 7, count: 32))
    private var links: AnswerLinks {
        AnswerLinks(publicURL: "https://duty.example.org", signer: signer, expiry: .days(7))
    }

    private func token(_ notification: Notification) throws -> AnswerToken {
        let link = try #require(links.link(for: notification))
        #expect(link.hasPrefix("https://duty.example.org/a/"))
        return try signer.read(link.dropFirst("https://duty.example.org/a/".count), now: Self.now)
    }

    @Test func itIsBoundToPersonMatterAndNotification() throws {
        let notification = Sample.notification(dueAt: Self.now + .minutes(30))
        let token = try token(notification)
        #expect(token.person == "P-1032" && token.notification == notification.key)
        #expect(token.matter == notification.matter)
        #expect(links.link(for: notification) == links.link(for: notification))
    }

    private static let lives: [(due: Span?, open: Span)] = [
        (.minutes(30), .days(7) + .minutes(30)), (.days(-6), .hours(72)), (nil, .hours(72)),
    ]

    @Test func itOpensAWeekAfterTheDueTimeAndThreeDaysAtLeast() throws {
        for (due, open) in Self.lives {
            let notification = Sample.notification(
                dueAt: due.map { Self.now + $0 },
                requestedAt: Self.now
            )
            #expect(try token(notification).expires == Self.now + open)
        }
    }

    @Test func whatNobodyAnswersHasNone() {
        #expect(links.link(for: Sample.notification(recipient: .group, messageClass: .group)) == nil)
        #expect(links.link(for: Sample.notification(messageClass: .mail)) == nil)
        #expect(links.link(for: Sample.notification(withdraws: "k")) == nil)
        for stage in ["met", "withdrawn", "met.CP-1", "withdrawn~2"] {
            #expect(links.link(for: Sample.notification(stage: stage)) == nil)
        }
        #expect(links.link(for: Sample.notification(stage: "breach~2")) != nil)
    }
}
