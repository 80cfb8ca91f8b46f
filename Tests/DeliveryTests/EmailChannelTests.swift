import CCurl
import Duty
import Testing

@testable import Delivery

/// What the end of a conversation with a mail server means.
@Suite struct EmailChannelTests {
    private static func outcome(
        _ code: CURLcode,
        reply: Int = 0,
        bodyEnded: Bool = false,
        _ line: String = ""
    ) -> SendOutcome {
        EmailChannel.outcome(
            of: SMTPTransfer.Result(code: code.rawValue, reply: reply, bodyEnded: bodyEnded, lastLine: line)
        )
    }

    @Test func aYesCarriesTheServersNumber() {
        let line = "250 OK id=1vOxYz-0000A1-2b\r\n"
        #expect(
            Self.outcome(CURLE_OK, reply: 250, bodyEnded: true, line)
                == .sent(reference: "id=1vOxYz-0000A1-2b")
        )
        #expect(EmailChannel.reference("250 2.1.5 <zhuge@example.org>") == nil)
    }

    @Test(arguments: [
        (CURLE_SEND_ERROR, 451, true), (CURLE_WEIRD_SERVER_REPLY, 421, false), (CURLE_SEND_ERROR, 450, false),
    ])
    func aTemporaryNoIsTriedAgain(_ code: CURLcode, _ reply: Int, _ ended: Bool) {
        guard case .retry(let word, _, nil) = Self.outcome(code, reply: reply, bodyEnded: ended) else {
            Issue.record("no retry")
            return
        }
        #expect(word == String(reply))
    }

    @Test(arguments: [(CURLE_SEND_ERROR, 550), (CURLE_LOGIN_DENIED, 535), (CURLE_RECV_ERROR, 554)])
    func aFinalNoIsFinal(_ code: CURLcode, _ reply: Int) {
        guard case .failed(String(reply), _) = Self.outcome(code, reply: reply, bodyEnded: true) else {
            Issue.record("not failed")
            return
        }
    }

    @Test(arguments: [CURLE_RECV_ERROR, CURLE_OPERATION_TIMEDOUT, CURLE_GOT_NOTHING, CURLE_SEND_ERROR])
    func silenceAfterTheEndOfTheMailIsDoubt(_ code: CURLcode) {
        guard case .uncertain = Self.outcome(code, reply: 354, bodyEnded: true) else {
            Issue.record("no doubt")
            return
        }
        guard case .retry("connection", _, nil) = Self.outcome(code, reply: 354, bodyEnded: false) else {
            Issue.record("the server cannot have it, its end was not sent")
            return
        }
    }

    @Test(arguments: [
        (CURLE_USE_SSL_FAILED, "tls"), (CURLE_PEER_FAILED_VERIFICATION, "certificate"),
        (CURLE_LOGIN_DENIED, "535"),
    ])
    func whatNoMessageCanChangeOpensTheBreaker(_ code: CURLcode, _ word: String) {
        guard case .failed(word, _) = Self.outcome(code) else {
            Issue.record("not failed")
            return
        }
        #expect(EmailChannel.type.openCodes.contains(word))
    }

    @Test func nobodyThereIsTriedAgainAndAnotherAddressIsNot() async throws {
        let port = try Receiver.refusedPort()
        let transfer = SMTPTransfer(
            host: "127.0.0.1",
            port: Int64(port),
            security: .none,
            username: nil,
            password: nil,
            caFile: nil
        )
        let channel = EmailChannel(
            name: "mail",
            transfer: transfer,
            from: "office@example.org",
            now: { noon }
        )
        let refused = await channel.send(message(to: "zhuge@example.org"), timeout: .seconds(5))
        guard case .retry("connection", _, nil) = refused else {
            Issue.record("\(refused)")
            return
        }
        let wrong = await channel.send(message(to: "zhuge@example.org>\r\nDATA"), timeout: .seconds(5))
        #expect(wrong == .failed(code: "address", reason: "the address is no mail address"))
    }

    private func message(to address: String) -> OutgoingMessage {
        OutgoingMessage(notification: sample(), title: "标题", text: "正文", address: address, traceparent: nil)
    }
}
