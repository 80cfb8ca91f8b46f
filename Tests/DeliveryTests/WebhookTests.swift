import Duty
import Foundation
import Testing

@testable import Delivery

@Suite struct WebhookSignerTests {
    private let id = "msg_p5jXN8AQM9LWM0D4loKWxJek"
    private let body = Array(#"{"test": 2432232314}"#.utf8)

    /// The values were computed with Python's hmac module.
    @Test(arguments: [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
        ("plain secret", "v1,gke7k785FD6W2FuaDcrvG3sQcmFE9YVaaAmarK4oi68="),
    ])
    func knownVectors(secret: String, signature: String) throws {
        let signer = try #require(WebhookSigner(secret: secret))
        #expect(signer.signature(id: id, timestamp: 1_614_265_330, body: body) == signature)
    }

    @Test(arguments: ["", "whsec_", "whsec_%%%"]) func brokenSecretsAreRefused(secret: String) {
        #expect(WebhookSigner(secret: secret) == nil)
    }

    @Test func keyOutsideOfASCIIFitsAHeader() {
        #expect(WebhookSigner.headerID("A22|企业 1%") == "A22|%E4%BC%81%E4%B8%9A%201%25")
    }
}

@Suite struct WebhookChannelTests {
    private static let secret = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    private func post(
        to url: String,
        _ outgoing: OutgoingMessage = message(),
        timeout: Duration = .seconds(5),
        times: Int = 1
    ) async throws -> [SendOutcome] {
        let client = OutboundHTTP()
        let signer = try #require(WebhookSigner(secret: "whsec_" + Self.secret))
        let channel = WebhookChannel(
            name: "hook",
            url: url,
            source: "/dutyclock",
            signer: signer,
            client: client,
            now: { noon }
        )
        var outcomes: [SendOutcome] = []
        for _ in 0..<times { outcomes.append(await channel.send(outgoing, timeout: timeout)) }
        await client.shutdown()
        return outcomes
    }

    private func post(_ reaction: Reaction, timeout: Duration = .seconds(5)) async throws -> SendOutcome? {
        let receiver = try Receiver { _, _ in reaction }
        defer { receiver.stop() }
        return try await post(to: receiver.url, timeout: timeout).first
    }

    /// More requests hang than any limit for one host would let through.
    @Test(.timeLimit(.minutes(1))) func whatHangsKeepsNoOtherOnTheSameHostFromItsConnection() async throws {
        let receiver = try Receiver { _, request in request.line.contains("hang") ? .silence : .answer(200) }
        let client = OutboundHTTP()
        let hanging = Task {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<80 {
                    group.addTask {
                        _ = await client.post(
                            receiver.url + "&hang",
                            headers: [],
                            body: [1],
                            timeout: .seconds(30)
                        )
                    }
                }
            }
        }
        try await eventually { receiver.requests.count == 80 }
        let reply = await client.post(receiver.url, headers: [], body: [1], timeout: .seconds(10))
        #expect(
            {
                if case .answered(let answer) = reply { answer.status == 200 } else { false }
            }()
        )
        receiver.stop()
        hanging.cancel()
        await hanging.value
        await client.shutdown()
    }

    @Test func carriesASignedCloudEvent() async throws {
        let receiver = try Receiver { _, _ in .answer(200) }
        defer { receiver.stop() }
        let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        let outcomes = try await post(to: receiver.url, message(traceparent: trace))
        #expect(outcomes == [.sent(reference: nil)])
        let request = try #require(receiver.requests.first)
        #expect(request.line == "POST /hook?token=secret HTTP/1.1")
        #expect(request.headers["content-type"] == "application/cloudevents+json; charset=UTF-8")
        #expect(request.headers["webhook-id"] == "k1")
        #expect(request.headers["webhook-timestamp"] == "1795415700")
        #expect(request.headers["traceparent"] == trace)
        let key = try #require(Data(base64Encoded: Self.secret))
        let signed = PlainHMAC.authenticate(Array("k1.1795415700.".utf8) + request.body, key: [UInt8](key))
        #expect(request.headers["webhook-signature"] == "v1," + Data(signed).base64EncodedString())
    }

    @Test func bodyHasTheFieldsOfTheContract() throws {
        let event = try JSONReader.decode(NotificationEvent.encode(message(), source: "/dutyclock"))
        #expect(event["type"] == "park.notification.requested.v1")
        #expect(event["specversion"] == "1.0")
        #expect(event["id"] == "k1")
        let names = event["data"]?.members?.map(\.name)
        #expect(
            names == [
                "notificationId", "code", "ruleId", "article", "matter", "enterpriseId", "cycle", "stage",
                "class",
                "recipient", "dueAt", "title", "text",
            ]
        )
        #expect(event.at(path: "data.recipient") == ["personRef": "P-1032", "role": "park.staff"])
        #expect(event.at(path: "data.dueAt") == "2026-11-23T06:35:00.000Z")
    }

    @Test func failureThenSuccessOnOneConnection() async throws {
        let receiver = try Receiver { number, _ in
            .answer(number == 0 ? 500 : 200, headers: ["x-request-id": "r-1"])
        }
        defer { receiver.stop() }
        let outcomes = try await post(to: receiver.url, times: 2)
        #expect(outcomes.map(\.word) == ["retry", "sent"])
        #expect(outcomes.last == .sent(reference: "r-1"))
        #expect(receiver.requests.count == 2)
    }

    @Test(arguments: [
        (201, "sent"), (204, "sent"), (301, "failed"), (302, "failed"), (400, "failed"), (401, "failed"),
        (408, "retry"), (410, "failed"), (425, "retry"), (429, "retry"), (500, "retry"), (503, "retry"),
    ])
    func statusCodes(status: Int, word: String) async throws {
        let headers = ["location": "/elsewhere"]
        #expect(try await post(.answer(status, headers: headers, body: ""))?.word == word)
    }

    @Test func retryAfterIsHonoured() async throws {
        let outcome = try await post(.answer(429, headers: ["retry-after": "17"]))
        #expect(outcome == .retry(code: "429", reason: "the receiver asks to try again", after: .seconds(17)))
    }

    @Test func redirectsAreNotFollowed() async throws {
        let receiver = try Receiver { _, _ in .answer(307, headers: ["location": "/other"]) }
        defer { receiver.stop() }
        let outcomes = try await post(to: receiver.url)
        #expect(outcomes == [.failed(code: "307", reason: "redirects are not followed")])
        #expect(receiver.requests.count == 1)
    }

    @Test func silenceIsUncertain() async throws {
        #expect(try await post(.silence, timeout: .milliseconds(300))?.word == "uncertain")
    }

    @Test func closingWithoutAnAnswerIsUncertain() async throws {
        #expect(try await post(.close)?.word == "uncertain")
    }

    @Test func refusedPortIsTriedAgain() async throws {
        let port = try Receiver.refusedPort()
        let started = ContinuousClock.now
        #expect(try await post(to: "http://127.0.0.1:\(port)/?token=secret").first?.word == "retry")
        #expect(started.duration(to: .now) < .seconds(9))
    }

    @Test func unknownHostIsTriedAgain() async throws {
        #expect(try await post(to: "http://receiver.invalid/?token=secret").first?.word == "retry")
    }

    @Test func brokenTLSIsTriedAgain() async throws {
        let receiver = try Receiver { _, _ in .answer(200) }
        defer { receiver.stop() }
        let outcome = try await post(to: "https://127.0.0.1:\(receiver.port)/", timeout: .seconds(2)).first
        #expect(outcome?.word == "retry")
        #expect(receiver.requests.isEmpty)
    }

    @Test(arguments: ["", "ftp://x", "http://", "not a url"]) func unusableAddressFails(
        url: String
    ) async throws {
        #expect(try await post(to: url).first?.word == "failed")
    }

    @Test func noOutcomeTellsTheAddress() async throws {
        let port = try Receiver.refusedPort()
        var outcomes = try await post(to: "http://127.0.0.1:\(port)/?token=secret")
        outcomes += try await post(to: "http:// broken?token=secret")
        outcomes += [try await post(.close), try await post(.answer(400))].compactMap { $0 }
        #expect(!outcomes.contains { "\($0)".contains("secret") || "\($0)".contains("127.0.0.1") })
    }
}
