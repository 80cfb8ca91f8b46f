import Duty
import Testing

@testable import DutyConfig

/// One mistake in a good configuration, and exactly what is said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    let file: String
    let old: String
    let new: String
    let said: [String]

    init(_ file: String, _ old: String, _ new: String, _ said: String...) {
        self.file = file
        self.old = old
        self.new = new
        self.said = said.map { "\(file):\($0)" }
    }

    var testDescription: String { new }
}

@Suite struct ConfigurationProblemsTests {
    private static let main = "dutyclock.yaml"

    static let mistakes: [Mistake] = [
        Mistake(
            main,
            "  group: [screen]",
            "  group: [screen]\n  persnal: [screen]",
            "11: routing: no step of the policy tells the class \"persnal\"; did you mean \"personal\"?"
        ),
        Mistake(
            main,
            "store:",
            "stroe:",
            "1: store: \"url\" is missing",
            "3: stroe: unknown key; did you mean \"store\"?"
        ),
        Mistake(
            main,
            "log: { level: info",
            "log: { levle: info",
            "14: log.levle: unknown key; did you mean \"level\"?"
        ),
        Mistake(
            main,
            "level: info",
            "level: inof",
            "14: log.level: must be one of trace, debug, info, warn, error, fatal, is \"inof\"; did "
                + "you mean \"info\"?"
        ),
        Mistake(
            main,
            "kafka:",
            "kafka:\n  topics: { intake: [park.events, a], outcomes: a, deadLetters: park.events }",
            "2: kafka.topics.deadLetters: \"park.events\" is read as intake; what the daemon writes needs "
                + "a topic of its own",
            "2: kafka.topics.outcomes: \"a\" is read as intake; what the daemon writes needs a topic of its "
                + "own"
        ),
        Mistake(
            main,
            "kafka:",
            "kafka:\n  topics: { intake: park.dlq }",
            "2: kafka.topics.intake: \"park.dlq\" is read as intake; what the daemon writes needs a topic of "
                + "its own"
        ),
        Mistake(
            main,
            "kafka:",
            "kafka:\n  topics: { outcomes: one, deadLetters: one }",
            "2: kafka.topics.deadLetters: \"one\" is the topic of the outcomes; dead letters need one of "
                + "their own"
        ),
        Mistake(
            main,
            "screen: { type: console }",
            "screen: { type: kafka, topic: park.events }",
            "9: channels.screen: topic \"park.events\" is read as intake; messages need a topic of their own"
        ),
        Mistake(main, "policy: policy.yaml", "policy: [a]", "4: policy: must be a text, is a list"),
        Mistake(
            main,
            "calendar: calendar.yaml",
            "calendar: calendar.yaml\ncalendar: x.yaml",
            "7: calendar: given twice, first in line 6"
        ),
        Mistake(
            main,
            "templates: templates",
            "templates: nowhere",
            "7: templates: folder nowhere does not exist"
        ),
        Mistake(
            main,
            "sqlite:state/dutyclock.db",
            "postgres://duty@db/duty",
            "3: store.url: PostgreSQL is not in this build yet; use sqlite:///PATH"
        ),
        Mistake(
            main,
            "sqlite:state/dutyclock.db",
            "sqlite://host/x",
            "3: store.url: must be sqlite:///ABSOLUTE/PATH or sqlite:PATH seen from this file"
        ),
        Mistake(
            main,
            "{ type: console }",
            "{ type: consle }",
            "9: channels.screen.type: must be one of "
                + TestFiles.channelTypes.map(\.word).joined(separator: ", ")
                + ", is \"consle\"; did you mean \"console\"?"
        ),
        Mistake(
            main,
            "{ type: console }",
            "{ type: webhook, url: ftp://x, secret: abc, timeout: PT30M }",
            "9: channels.screen.secret: a secret must not stand in the file; write {file: PATH}, "
                + "{env: NAME} or "
                + "{credential: NAME}",
            "9: channels.screen.timeout: must be a length of time such as 250ms, 30s, 15m, 24h, 400d or "
                + "10y, is \"PT30M\"",
            "9: channels.screen.url: must be an address that starts with http:// or https://"
        ),
        Mistake(
            main,
            "{ type: console }",
            "{ type: console, timeout: 0ms }",
            "9: channels.screen.timeout: must be more than 0 and at most 10m"
        ),
        Mistake(
            main,
            "{ type: console }",
            "{ type: console, budget: { channel: 18 } }",
            "9: channels.screen.budget.channel: must be a count and a time such as 18/1m, is \"18\""
        ),
        Mistake(
            main,
            "{ type: console }",
            "{ type: console, budget: { person: [20/1m, 5], patience: 2h }, grouping: { over: -1 } }",
            "9: channels.screen.budget.patience: must be more than 0 and at most 1h",
            "9: channels.screen.budget.person[1]: must be a count and a time such as 18/1m, is \"5\"",
            "9: channels.screen.grouping.over: must be a whole number from 0 to 1000, is \"-1\""
        ),
        Mistake(
            main,
            "log: {",
            "quietHours: { from: 25:00, channels: [scren], breakThrough: [N999] }\nlog: {",
            "14: quietHours.breakThrough: \"N999\" is neither a message nor a rule of the policy; did you mean \"N99\"?",
            "14: quietHours.channels[0]: channel \"scren\" does not exist; did you mean \"screen\"?",
            "14: quietHours.from: must be a time of day such as 22:00, is \"25:00\""
        ),
        Mistake(
            main,
            "group: [screen]",
            "group: [scren]",
            "12: routing.group: channel \"scren\" does not exist; did you mean \"screen\"?"
        ),
        Mistake(
            main,
            "  group: [screen]\n",
            "",
            "11: routing: class \"group\" is missing; step open of a22-assignment uses it "
                + "(policy.yaml:\(TestFiles.policyLine("code: N01")))"
        ),
        Mistake(
            main,
            "127.0.0.1:8080",
            "0.0.0.0:8080",
            "13: http.open: is only allowed when http.listen is a loopback address, not 0.0.0.0"
        ),
        Mistake(
            main,
            "listen: 127.0.0.1:8080",
            "linkSecret: {env: SHORT}, listen: 127.0.0.1:8080",
            "13: http.linkSecret.env: environment variable SHORT is not set"
        ),
        Mistake(
            main,
            "listen: 127.0.0.1:8080",
            "linkSecret: {file: calendar.yaml}, links: {expiry: 1h}, listen: 127.0.0.1:8080",
            "13: http.links.expiry: must be at least 1d"
        ),
        Mistake(
            main,
            "listen: 127.0.0.1:8080",
            "publicURL: 'https://duty.example.org/?x', listen: 127.0.0.1:8080",
            "13: http.publicURL: must have neither a query nor a fragment"
        ),
        Mistake(main, "127.0.0.1:8080", "here", "13: http.listen: must be HOST:PORT, is \"here\""),
        Mistake(
            main,
            "bootstrap.servers: embedded",
            "group.id: x",
            "2: kafka.properties: \"bootstrap.servers\" is missing: host:port, or the word embedded"
        ),
        Mistake(
            main,
            "bootstrap.servers: embedded",
            "bootstrap.servers: embedded, sasl.password: hush",
            "2: kafka.properties.sasl.password: a secret must not stand in the file; write {file: PATH}, "
                + "{env: NAME} or {credential: NAME}"
        ),
        Mistake(
            main,
            "log: {",
            "retention: { matters: 2h }\nlog: {",
            "14: retention.matters: must be at least 1d"
        ),
        Mistake(
            main,
            "log: {",
            "log: [",
            "14: is not YAML: did not find expected ',' or ']' (while parsing a flow sequence)"
        ),
    ]

    @Test(arguments: mistakes) func eachMistakeIsSaidWithItsPlace(_ mistake: Mistake) {
        let folder = TestFolder()
        folder.alter(mistake.file, mistake.old, mistake.new)
        #expect(folder.problems() == mistake.said)
        #expect(
            ConfigurationCheck.run(
                path: folder.path + "/dutyclock.yaml",
                environment: [:],
                knownCodes: [],
                channelTypes: TestFiles.channelTypes
            )
                != []
        )
    }

    @Test func allMistakesOfAllFilesAreSaidAtOnce() {
        let folder = TestFolder()
        folder.alter("dutyclock.yaml", "level: info", "level: loud")
        folder.alter("dutyclock.yaml", "templates: templates", "templates: nowhere")
        folder.alter("policy.yaml", "code: N13", "code: N19")
        folder.alter("directory.yaml", "substitute: P-1031", "substitute: P-9999")
        folder.alter("calendar.yaml", "from: 2026-06-19", "from: 2026-06-31")
        let files = folder.problems().map { $0.split(separator: ":").first.map(String.init) ?? "" }
        #expect(
            files == ["calendar.yaml", "directory.yaml", "dutyclock.yaml", "dutyclock.yaml", "policy.yaml"]
        )
    }

    @Test func aMissingFileIsSaid() {
        let folder = TestFolder()
        folder.alter("dutyclock.yaml", "directory: directory.yaml", "directory: gone.yaml")
        #expect(folder.problems() == ["dutyclock.yaml:5: directory: gone.yaml does not exist"])
        #expect(
            ConfigurationCheck.run(
                path: "/nonexistent.yaml",
                environment: [:],
                knownCodes: [],
                channelTypes: TestFiles.channelTypes
            ).map(
                \.description
            )
                == ["/nonexistent.yaml: does not exist"]
        )
    }

    /// A seed that ever fails is added to the list, so that it is tried for good.
    @Test(arguments: [1, 2, 3, 4, 2026] as [UInt64]) func noInputTraps(_ seed: UInt64) {
        var random = SeededGenerator(state: seed)
        let folder = TestFolder()
        let texts = [
            TestFolder.main, TestFiles.shipped("dutyclock.yaml"), TestFiles.policyText,
            TestFiles.shipped("directory.yaml"), TestFiles.shipped("calendars/cn.yaml"),
        ]
        for round in 0..<100 {
            var scalars = Array(texts[round % texts.count].unicodeScalars)
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let at = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: scalars.removeSubrange(at..<min(scalars.count, at + 7))
                case 1:
                    scalars[at] =
                        "[]{}:-,#&*!|>'\"%@`0 \n\u{0}".unicodeScalars.randomElement(using: &random) ?? " "
                default: scalars.insert(contentsOf: scalars[at..<min(scalars.count, at + 40)], at: at)
                }
            }
            var view = String.UnicodeScalarView()
            view.append(contentsOf: scalars)
            let text = String(view)
            _ = PolicyFile.load(text: text, fileName: "x")
            _ = DirectoryFile.load(text: text, fileName: "x")
            _ = CalendarFile.load(text: text, fileName: "x")
            folder.write("dutyclock.yaml", text)
            _ = folder.problems()
        }
    }

    @Test(arguments: ["[", "{a: ", "- ", "a:\n "]) func deepNestingIsRefused(_ piece: String) {
        let text = String(repeating: piece, count: 5_000)
        #expect(!PolicyFile.load(text: text, fileName: "x").problems.isEmpty)
    }

    @Test(arguments: [
        "", "\u{0}", "[[[[", "a: &a [*a]", "? [a]: b", "<<: x", "- a\n- b", "a: 1\n---\nb: 2", "!!binary x",
        "\"\\x\"",
    ])
    func oddTextsAreRefused(_ text: String) {
        #expect(!PolicyFile.load(text: text, fileName: "x").problems.isEmpty)
        #expect(!DirectoryFile.load(text: text, fileName: "x").problems.isEmpty)
        #expect(!CalendarFile.load(text: text, fileName: "x").problems.isEmpty)
    }

    @Test func everyDuplicateKeyIsSaid() {
        let text = "people: []\noffices: []\npeople: []\n\"offices\": []\npeople: []\n"
        #expect(
            DirectoryFile.load(text: text, fileName: "d.yaml").problems.map(\.description) == [
                "d.yaml:3: people: given twice, first in line 1",
                "d.yaml:4: offices: given twice, first in line 2",
                "d.yaml:5: people: given twice, first in line 1",
            ]
        )
    }
}

/// SplitMix64: the same numbers for the same seed.
private struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
