import Duty
import DutyConfig
import Foundation
import Testing

@testable import Delivery

/// No shipped text is longer than any channel takes, and one that is gets named with its file.
@Suite struct LengthCheckTests {
    private func channels(
        _ templates: [String: ChannelConfiguration.Template] = [:]
    ) -> [ChannelConfiguration] {
        ChannelTypes.all.map { type in
            var channel = ChannelConfiguration(name: "way-" + type.schema.word, schema: type.schema)
            channel.values["templates"] = .templates(templates)
            return channel
        }
    }

    @Test(arguments: ["zh-CN", "en"]) func everyShippedTextFitsEveryChannel(locale: String) {
        let usual = Dictionary(
            uniqueKeysWithValues: MessageCatalogue.codes.map { ($0, ChannelConfiguration.Template("T")) }
        )
        let renderer = MessageRenderer(directory: templates(locale))
        #expect(renderer.overlong(channels(usual), file: "c", lines: [:]) == [])
    }

    @Test func aTextThatIsTooLongIsNamedForEachChannelThatCutsIt() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "long-" + UUID().uuidString
        )
        try FileManager.default.copyItem(at: URL(fileURLWithPath: templates("zh-CN")), to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        let long = "标题\n" + String(repeating: "长", count: 900) + "{{number}}\n"
        try long.write(to: folder.appendingPathComponent("N13.mustache"), atomically: true, encoding: .utf8)
        let found = MessageRenderer(directory: folder.path).overlong(channels(), file: "c", lines: [:])
        #expect(
            found.map(\.description) == [
                "\(folder.path)/N13.mustache:2: N13: up to 2714 bytes, and channel way-wecom-robot (wecom-robot) "
                    + "takes 2048",
                "\(folder.path)/N13.mustache:2: N13: up to 2714 bytes, and channel way-wecom-app (wecom-app) "
                    + "takes 1536",
            ]
        )
    }

    @Test func aValueThatIsTooLongForAProvidersTextIsNamedWithTheChannelsLine() {
        let wanted = ["N94": ChannelConfiguration.Template("T", variables: ["number", "reason"])]
        let found = MessageRenderer(directory: templates("zh-CN"))
            .overlong(channels(wanted), file: "c.yaml", lines: ["way-sms-aliyun": 7])
        #expect(found.count == 3)
        #expect(
            found.first?.description
                == "c.yaml:7: channels.way-sms-aliyun.templates: N94 is filled with up to 200 characters of reason, "
                + "and the provider takes 35"
        )
    }
}
