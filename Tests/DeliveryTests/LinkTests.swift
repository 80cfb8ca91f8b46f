import Duty
import Synchronization
import Testing

@testable import Delivery

/// The link to answer reaches the channel, and goes no further than it may.
@Suite struct LinkTests {
    private func sent(_ notification: Notification, link: String?) async -> [OutgoingMessage] {
        let seen = Mutex<[OutgoingMessage]>([])
        let delivery = Delivery(
            channel: ScriptedChannel("app") { message in seen.withLock { $0.append(message) } },
            notifications: [notification],
            digestLength: 600,
            renderer: MessageRenderer(directory: templates("zh-CN")),
            names: { $0.text },
            address: "zhangsan",
            links: { _ in link },
            timeout: .seconds(1),
            shadow: false
        )
        _ = await delivery.send()
        return seen.withLock { $0 }
    }

    @Test func aChannelGetsTheLinkBesideTheText() async throws {
        let message = try #require(await sent(sample(), link: "https://duty.example.org/a/AbC").first)
        #expect(message.link == "https://duty.example.org/a/AbC")
        #expect(!message.text.contains("/a/") && !message.title.contains("/a/"))
    }

    @Test func noChannelGetsWhatNobodyCanSee() async throws {
        let message = try #require(
            await sent(sample(values: ["enterpriseName": "衡阳\u{07}精密"]), link: nil).first
        )
        #expect(message.text.contains("衡阳 精密") && message.fields.values.contains("衡阳 精密"))
        #expect(
            ([message.title, message.text] + message.fields.values).allSatisfy { !$0.contains("\u{07}") }
        )
    }

    @Test(arguments: ["https://duty.example.org/a/AbC", nil])
    func theEventCarriesItWhereThereIsOne(_ link: String?) async throws {
        let message = try #require(await sent(sample(), link: link).first)
        let event = try JSONReader.decode(NotificationEvent.encode(message, source: "/here"))
        #expect(event.at(path: "data.link")?.string == link)
    }
}
