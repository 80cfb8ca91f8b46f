import Delivery
import Duty
import DutyConfig
import Foundation
import Testing

/// The shipped files, and altered copies of them in a folder of their own.
enum TestFiles {
    /// The root of the package, seen from this file.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// The messages that have a template.
    static let codes: Set<String> = {
        let names = try? FileManager.default.contentsOfDirectory(atPath: root + "/config/templates/zh-CN")
        let codes = (names ?? []).filter { $0.hasSuffix(".mustache") }.map {
            String($0.dropLast(".mustache".count))
        }
        return Set(codes)
    }()

    static let channelTypes = ChannelTypes.all.map(\.schema)

    static func shipped(_ name: String) -> String {
        (try? String(contentsOfFile: root + "/config/" + name, encoding: .utf8)) ?? ""
    }

    /// The line of the shipped policy in which `text` stands first.
    static func policyLine(_ text: String) -> Int {
        let lines = policyText.components(separatedBy: "\n")
        return (lines.firstIndex { $0.contains(text) } ?? -1) + 1
    }

    static let policyText = shipped("policy/hengyang-2023-4.yaml")

    /// The shipped policy with settings of its own.
    static func policy(settings: String) -> Loaded<PolicyFile> {
        let lines = policyText.split(separator: "\n", omittingEmptySubsequences: false)
        let start = lines.firstIndex { $0 == "settings:" } ?? 0
        let end = lines[(start + 1)...].firstIndex { !$0.hasPrefix("  ") } ?? lines.count
        let text = (lines[...start] + [Substring(settings)] + lines[end...]).joined(separator: "\n")
        return PolicyFile.load(text: text, fileName: "policy.yaml")
    }
}

/// A folder with a complete configuration, for files that are altered and read.
struct TestFolder: ~Copyable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "dutyconfig-" + UUID().uuidString
        let manager = FileManager.default
        try? manager.createDirectory(atPath: path + "/templates", withIntermediateDirectories: true)
        write("dutyclock.yaml", TestFolder.main)
        write("policy.yaml", TestFiles.policyText)
        write("directory.yaml", TestFiles.shipped("directory.yaml"))
        write("calendar.yaml", TestFiles.shipped("calendars/cn.yaml"))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// A small main file whose lines the tests can count.
    static let main = """
        kafka:
          properties: { bootstrap.servers: embedded }
        store: { url: sqlite:state/dutyclock.db }
        policy: policy.yaml
        directory: directory.yaml
        calendar: calendar.yaml
        templates: templates
        channels:
          screen: { type: console }
        routing:
          personal: [screen]
          group: [screen]
        http: { listen: 127.0.0.1:8080, open: true }
        log: { level: info, format: json }
        """

    func write(_ name: String, _ text: String) {
        try? text.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    }

    /// Replaces `old`, which must be there, in a file.
    func alter(_ name: String, _ old: String, _ new: String) {
        let text = (try? String(contentsOfFile: path + "/" + name, encoding: .utf8)) ?? ""
        precondition(text.contains(old), "\(old) is not in \(name)")
        write(name, text.replacingOccurrences(of: old, with: new))
    }

    func load(_ environment: [String: String] = [:]) -> Loaded<DutyclockConfiguration> {
        DutyclockConfiguration.load(
            path: path + "/dutyclock.yaml",
            environment: environment,
            channelTypes: TestFiles.channelTypes
        )
    }

    /// What `check` says, without the folder's own path.
    func problems(_ environment: [String: String] = [:]) -> [String] {
        ConfigurationCheck.run(
            path: path + "/dutyclock.yaml",
            environment: environment,
            knownCodes: TestFiles.codes,
            channelTypes: TestFiles.channelTypes
        ).map { problem in
            expectBothLanguages(problem)
            return problem.description.replacingOccurrences(of: path + "/", with: "")
        }
    }
}

/// Every problem is said in Chinese and in English, with the same place in front.
func expectBothLanguages(_ problem: ConfigProblem) {
    let (chinese, english) = (problem.text(.zhCN), problem.text(.en))
    func hasChinese(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) }
    }
    #expect(hasChinese(chinese) && chinese != english, "\(english)")
    #expect(!hasChinese(problem.wording.english) || english.contains("\""), "\(english)")
    let place = english.prefix(english.count - problem.message.count)
    #expect(chinese.hasPrefix(place) && chinese.count > place.count)
}
