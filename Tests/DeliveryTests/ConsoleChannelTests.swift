import Duty
import Synchronization
import Testing

@testable import Delivery

@Suite struct ConsoleChannelTests {
    private func line(_ outgoing: OutgoingMessage, colour: Bool = false) async -> String {
        let written = Mutex<[String]>([])
        let channel = ConsoleChannel(
            name: "console",
            colour: colour,
            nameOf: { _ in "张三" },
            now: { noon },
            sink: { line in written.withLock { $0.append(line) } }
        )
        let outcome = await channel.send(outgoing, timeout: .seconds(1))
        #expect(outcome == delivered)
        return written.withLock { $0.joined(separator: "\n") }
    }

    @Test func onePlainLine() async {
        #expect(
            await line(message()) == "2026-11-23 14:35:00  ▲  [N13]  正文  → 张三 (park.staff)"
                + "  ⏱ 2026-11-23 14:35:00  № CP-2026-000123"
        )
    }

    @Test func aLinkStandsLast() async {
        let answerable = OutgoingMessage(
            notification: sample(),
            title: "标题",
            text: "正文",
            link: "https://duty.example.org/a/AbC",
            address: nil,
            traceparent: nil
        )
        #expect(await line(answerable).hasSuffix("№ CP-2026-000123  ↗ https://duty.example.org/a/AbC"))
    }

    @Test func theStageIsSaidInWords() async {
        let late = OutgoingMessage(
            notification: sample(),
            title: "标题",
            text: "正文",
            fields: ["stageWord": "已逾期"],
            address: nil,
            traceparent: nil
        )
        #expect(await line(late).contains("▲  [N13]  已逾期  正文"))
    }

    @Test func textCannotSteerTheTerminal() async {
        let nasty = OutgoingMessage(
            notification: sample(),
            title: "",
            text: "a\u{1B}[2Jb\nc",
            address: nil,
            traceparent: nil
        )
        let line = await line(nasty)
        #expect(line.contains("a[2Jb c"))
        #expect(!line.contains("\u{1B}"))
    }

    @Test func colourFollowsUrgency() async {
        #expect(await line(message(), colour: true).contains("\u{1B}[41;97m ▲ \u{1B}[0m"))
        #expect(await line(message(sample(urgency: 9)), colour: true).contains("\u{1B}[100;97m"))
    }
}
