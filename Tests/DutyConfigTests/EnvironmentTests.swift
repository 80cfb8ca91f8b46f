import Duty
import Testing

@testable import DutyConfig

@Suite struct EnvironmentTests {
    @Test(arguments: [
        ("kafka.properties.bootstrap.servers", "DUTYCLOCK_KAFKA_PROPERTIES_BOOTSTRAP_SERVERS"),
        ("kafka.createTopics", "DUTYCLOCK_KAFKA_CREATE_TOPICS"),
        ("http.publicURL", "DUTYCLOCK_HTTP_PUBLIC_URL"),
        ("channels.park-robot.url", "DUTYCLOCK_CHANNELS_PARK_ROBOT_URL"),
    ])
    func pathsBecomeNames(_ path: String, _ name: String) {
        #expect(EnvironmentOverrides.variable(for: path) == name)
    }

    @Test func variablesReplaceValuesAndFillGaps() throws {
        let folder = TestFolder()
        let loaded = folder.load([
            "DUTYCLOCK_KAFKA_PROPERTIES_BOOTSTRAP_SERVERS": "k1:9092,k2:9092",
            "DUTYCLOCK_KAFKA_PROPERTIES_SASL_PASSWORD": "hush",
            "DUTYCLOCK_KAFKA_TOPICS_INTAKE": "park.events, old.events",
            "DUTYCLOCK_KAFKA_CREATE_TOPICS": "true",
            "DUTYCLOCK_HTTP_LISTEN": "127.0.0.1:9000",
            "DUTYCLOCK_HTTP_PUBLIC_URL": "https://duty.example.org/",
            "DUTYCLOCK_HTTP_LINKS_EXPIRY": "3d",
            "DUTYCLOCK_LOG_LEVEL": "debug",
            "DUTYCLOCK_RETENTION_JOURNAL": "5y",
            "DUTYCLOCK_ROUTING_MAIL": "[screen]",
            "DUTYCLOCK_CHANNELS_SCREEN_TIMEOUT": "1500ms",
            "DUTYCLOCK_CHANNELS_SCREEN_RETRY_BASE": "250ms",
            "DUTYCLOCK_STORE_URL": "sqlite:///srv/x.db",
            "DUTYCLOCK_CONFIG": "elsewhere.yaml",
            "PATH": "/bin",
        ])
        #expect(loaded.problems == [])
        let value = try #require(loaded.value)
        #expect(value.kafka.properties["bootstrap.servers"] == "k1:9092,k2:9092")
        #expect(value.kafka.secretProperties["sasl.password"]?.reveal() == "hush")
        #expect(value.kafka.properties["sasl.password"] == nil)
        #expect(value.kafka.intake == ["park.events", "old.events"])
        #expect(value.kafka.createsTopics)
        #expect(value.http.port == 9000 && value.http.publicURL == "https://duty.example.org")
        #expect(value.http.linkExpiry == .days(3) && value.http.linkSecret == nil)
        #expect(value.log.level == .debug)
        #expect(value.retention.journal == .days(1_825))
        #expect(value.routing[.mail] == ["screen"])
        #expect(value.channels.first?.limits.timeout == Span(microseconds: 1_500_000))
        #expect(value.channels.first?.limits.retry.base == Span(microseconds: 250_000))
        #expect(value.store == .sqlite(path: "/srv/x.db"))
    }

    @Test func mistakesNameTheVariable() {
        let folder = TestFolder()
        let environment = [
            "DUTYCLOCK_LOG_LEVEL": "loud", "DUTYCLOCK_HTTP_LISTNE": "x",
            "DUTYCLOCK_KAFKA_CREATE_TOPICS": "yes",
        ]
        #expect(
            folder.problems(environment) == [
                "DUTYCLOCK_HTTP_LISTNE: unknown environment variable; did you mean "
                    + "\"DUTYCLOCK_HTTP_LISTEN\"?",
                "DUTYCLOCK_KAFKA_CREATE_TOPICS: kafka.createTopics: must be true or false, is \"yes\"",
                "DUTYCLOCK_LOG_LEVEL: log.level: must be one of trace, debug, info, warn, error, "
                    + "fatal, is \"loud\"",
            ]
        )
    }
}

@Suite struct SecretTests {
    private func loaded(
        _ secret: String,
        _ environment: [String: String],
        _ folder: borrowing TestFolder
    )
        -> Loaded<DutyclockConfiguration>
    {
        folder.alter(
            "dutyclock.yaml",
            "screen: { type: console }",
            "screen: { type: webhook, url: \"http://127.0.0.1:9/h?k=TOKEN\", secret: \(secret) }"
        )
        return folder.load(environment)
    }

    @Test(arguments: [
        "{ env: HOOK }", "{ env: DUTYCLOCK_HOOK }", "{ file: hook.txt }", "{ credential: hook.txt }",
    ])
    func aSecretComesFromOutside(_ form: String) throws {
        let folder = TestFolder()
        folder.write("hook.txt", "swordfish\n")
        let environment = [
            "HOOK": "swordfish", "DUTYCLOCK_HOOK": "swordfish", "CREDENTIALS_DIRECTORY": folder.path,
        ]
        let needed = environment.filter { form.contains($0.key) || $0.key == "CREDENTIALS_DIRECTORY" }
        let loaded = loaded(form, needed, folder)
        #expect(loaded.problems == [])
        #expect(try #require(loaded.value).channels.first?.text("secret") == "swordfish")
    }

    @Test func aSecretNeverShowsItself() throws {
        let folder = TestFolder()
        let configuration = try #require(loaded("{ env: HOOK }", ["HOOK": "swordfish"], folder).value)
        var dumped = ""
        dump(configuration, to: &dumped)
        let secret = Secret(try #require(configuration.channels.first?.text("secret")))
        for text in [
            dumped, "\(configuration)", String(reflecting: configuration), "\(secret)",
            String(reflecting: secret),
        ] {
            #expect(!text.contains("swordfish") && !text.contains("TOKEN"))
        }
    }

    @Test(arguments: [
        ("{ env: NOBODY }", true), ("{ file: gone.txt }", true), ("{ credential: x }", false),
    ])
    func whoSendsNothingNeedsNoSecret(_ form: String, _ isAtHand: Bool) throws {
        let folder = TestFolder()
        _ = loaded(form, [:], folder)
        func load(_ need: SecretNeed) -> Loaded<DutyclockConfiguration> {
            DutyclockConfiguration.load(
                path: folder.path + "/dutyclock.yaml",
                environment: [:],
                channelTypes: TestFiles.channelTypes,
                needing: need
            )
        }
        #expect(load(.all).problems.count == 1)
        #expect(load(.atHand).problems.isEmpty == !isAtHand, "only systemd has the credential")
        let value = try #require(load(.none).value)
        #expect(value.absentSecrets.count == 1)
        #expect(value.absentSecrets.first?.message.hasPrefix("channels.screen.secret.") == true)
        #expect(value.channels.count == 1)
    }

    @Test func aLiteralSecretIsAnErrorForEverybody() {
        let folder = TestFolder()
        _ = loaded("hush", [:], folder)
        let loaded = DutyclockConfiguration.load(
            path: folder.path + "/dutyclock.yaml",
            environment: [:],
            channelTypes: TestFiles.channelTypes,
            needing: .none
        )
        #expect(loaded.problems.count == 1)
    }

    @Test func aMissingOrLiteralSecretIsAnError() {
        let forms = [
            (
                "hush",
                "a secret must not stand in the file; write {file: PATH}, {env: NAME} or {credential: NAME}"
            ),
            ("{ env: NOBODY }", "environment variable NOBODY is not set"),
            ("{ file: gone.txt }", "gone.txt does not exist"),
            ("{ credential: x }", "CREDENTIALS_DIRECTORY is not set; systemd sets it for LoadCredential="),
            ("{ env: A, file: B }", "needs exactly one of {file: PATH}, {env: NAME} or {credential: NAME}"),
        ]
        for (form, message) in forms {
            let folder = TestFolder()
            let problems = loaded(form, [:], folder).problems
            #expect(problems.count == 1 && problems.first?.message.hasSuffix(message) == true, "\(problems)")
            #expect(!problems.contains { $0.description.contains("hush") })
        }
    }

    @Test func anEndpointReplacesTheHostAlone() {
        var channel = ChannelConfiguration(name: "hook", schema: ChannelSchema("x", needsAddress: false))
        #expect(channel.target("https://v.example/send?key=1") == "https://v.example/send?key=1")
        channel.endpoint = "http://127.0.0.1:99/"
        #expect(channel.target("https://v.example/cgi/send?key=1") == "http://127.0.0.1:99/cgi/send?key=1")
        #expect(channel.target("https://v.example") == "http://127.0.0.1:99")
    }
}
