import Duty
import Testing

@testable import DutyConfig

/// A reload applies a change or refuses it by name; none is passed over.
@Suite struct ReloadCheckTests {
    /// The same folder read twice, the second time with variables that replace keys.
    private func configurations(
        _ changes: [String: String]
    ) throws -> (old: DutyclockConfiguration, new: DutyclockConfiguration) {
        let folder = TestFolder()
        let loaded = folder.load(changes)
        #expect(loaded.problems == [])
        return (try #require(folder.load().value), try #require(loaded.value))
    }

    @Test(arguments: [
        ("KAFKA_PROPERTIES_BOOTSTRAP_SERVERS", "k1:9092", "kafka.properties.bootstrap.servers"),
        ("KAFKA_PROPERTIES_SASL_PASSWORD", "hush", "kafka.properties.sasl.password"),
        ("KAFKA_PROPERTIES_LINGER_MS", "5", "kafka.properties.linger.ms"),
        ("KAFKA_TOPICS_INTAKE", "other.events", "kafka.topics.intake"),
        ("KAFKA_TOPICS_OUTCOMES", "other.outcomes", "kafka.topics.outcomes"),
        ("KAFKA_TOPICS_DEAD_LETTERS", "other.dlq", "kafka.topics.deadLetters"),
        ("KAFKA_CREATE_TOPICS", "true", "kafka.createTopics"),
        ("STORE_URL", "sqlite:///srv/other.db", "store.url"),
        ("HTTP_LISTEN", "127.0.0.1:9000", "http.listen"),
        ("HTTP_PUBLIC_URL", "https://duty.example.org", "http.publicURL"),
        ("HTTP_LINKS_EXPIRY", "3d", "http.links.expiry"), ("LOCALE", "en", "locale"),
        ("SHADOW", "true", "shadow"),
        ("LOG_FORMAT", "text", "log.format"), ("LOG_ENVIRONMENT", "test", "log.environment"),
        ("RETENTION_MATTERS", "500d", "retention.matters"), ("RETENTION_JOURNAL", "5y", "retention.journal"),
        ("CHANNELS_SCREEN_TIMEOUT", "1500ms", "channels.screen.timeout"),
        ("CHANNELS_SCREEN_CONCURRENCY", "3", "channels.screen.concurrency"),
        ("CHANNELS_SCREEN_RETRY_BASE", "250ms", "channels.screen.retry"),
        ("CHANNELS_SCREEN_BUDGET_CHANNEL", "18/1m", "channels.screen.budget.channel"),
        ("CHANNELS_SCREEN_BUDGET_TEMPLATE", "3/1d", "channels.screen.budget.template"),
        ("CHANNELS_SCREEN_BUDGET_PATIENCE", "2m", "channels.screen.budget.patience"),
        ("CHANNELS_SCREEN_GROUPING_OVER", "9", "channels.screen.grouping"),
        ("CHANNELS_SCREEN_BUDGET_PERSON", "2/1m", "channels.screen.budget.person"),
    ])
    func aChangeThatNeedsARestartIsNamed(_ variable: String, _ value: String, _ key: String) throws {
        let (old, new) = try configurations(["DUTYCLOCK_" + variable: value])
        #expect(ReloadCheck.restartKeys(old, new) == [key])
    }

    @Test func whatIsAppliedIsNotNamed() throws {
        let (old, new) = try configurations([
            "DUTYCLOCK_LOG_LEVEL": "debug", "DUTYCLOCK_ROUTING_MAIL": "[screen]",
            "DUTYCLOCK_QUIET_HOURS_FROM": "21:00",
        ])
        #expect(ReloadCheck.restartKeys(old, new).isEmpty)
    }

    @Test func aChannelThatComesGoesOrChangesItsOwnKeysIsNamed() throws {
        let old = try configurations([:]).old
        var new = old
        let first = try #require(new.channels.first)
        new.channels.removeAll { $0.name == first.name }
        #expect(ReloadCheck.restartKeys(old, new) == ["channels.\(first.name) (removed)"])
        #expect(ReloadCheck.restartKeys(new, old) == ["channels.\(first.name) (new)"])
        new = old
        new.channels[0].values["secret"] = .secret(Secret("another"))
        new.channels[0].endpoint = "http://127.0.0.1:1"
        #expect(
            ReloadCheck.restartKeys(old, new) == [
                "channels.\(first.name).endpoint", "channels.\(first.name).secret",
            ]
        )
    }

    @Test func everyMemberOfTheConfigurationIsLookedAt() throws {
        let members = { (value: Any) in Set(Mirror(reflecting: value).children.compactMap(\.label)) }
        let configuration = try configurations([:]).old
        let compared: Set = ["kafka", "store", "locale", "channels", "shadow", "http", "log", "retention"]
        #expect(members(configuration) == compared.union(ReloadCheck.applied))
        #expect(
            members(configuration.kafka) == [
                "properties", "secretProperties", "propertyPlaces", "intake", "outcomes", "deadLetters",
                "createsTopics",
            ]
        )
        // Tokens, issuer, session and certificate are exchanged, and the level is set, by a reload.
        #expect(
            members(configuration.http) == [
                "host", "port", "publicURL", "linkSecret", "linkExpiry", "tokens", "tls", "issuer", "session",
                "isOpen",
            ]
        )
        #expect(members(configuration.log) == ["level", "format", "environment"])
        #expect(members(configuration.retention) == ["matters", "journal"])
        let channel = try #require(configuration.channels.first)
        #expect(
            members(channel) == [
                "name", "type", "needsAddress", "values", "endpoint", "limits", "textSize", "valueSize",
            ],
            "needsAddress and both sizes follow from the type"
        )
        #expect(
            members(channel.limits) == [
                "timeout", "concurrency", "budget", "personBudget", "templateBudget", "patience", "grouping",
                "retry",
                // These two follow from the type.
                "digestLength", "keepsClear",
            ]
        )
    }
}
