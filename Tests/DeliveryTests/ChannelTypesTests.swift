import Duty
import DutyConfig
import Testing

@testable import Delivery

@Suite struct ChannelTypesTests {
    /// Every key of a type with a value that its form allows.
    static func configuration(_ schema: ChannelSchema) -> ChannelConfiguration {
        var configuration = ChannelConfiguration(name: "way", schema: schema)
        for key in schema.keys {
            configuration.values[key.name] =
                switch key.form {
                case .text: .text("some")
                case .secret: .secret(Secret("hush"))
                case .url: .secret(Secret("http://127.0.0.1:9/x"))
                case .integer(let range): .integer(range.lowerBound)
                case .word(let words): .text(words[0])
                case .list: .list(["/bin/true"])
                case .map: .map([:])
                case .templates: .templates(["N13": ChannelConfiguration.Template("T1")])
                }
        }
        return configuration
    }

    @Test func everyTypeMakesTheChannelOfItsSchema() async throws {
        let http = OutboundHTTP()
        let tools = ChannelTools(http: http, now: { noon }, publish: { _, _, _, _ in delivered })
        for type in ChannelTypes.all {
            let channel = try type.make(Self.configuration(type.schema), tools)
            #expect(channel.name == "way")
            #expect(channel.needsAddress == type.schema.needsAddress, "\(type.schema.word)")
        }
        await http.shutdown()
    }

    @Test func wordsAndKeysAreUnique() {
        let words = ChannelTypes.all.map(\.schema.word)
        #expect(Set(words).count == words.count)
        let common: Set = ["type", "endpoint", "timeout", "concurrency", "budget", "grouping", "retry"]
        for schema in ChannelTypes.all.map(\.schema) {
            let keys = schema.keys.map(\.name)
            #expect(Set(keys).count == keys.count && common.isDisjoint(with: keys), "\(schema.word)")
        }
    }

    @Test func aRequiredValueThatIsMissingIsSaid() async throws {
        let http = OutboundHTTP()
        let empty = ChannelConfiguration(name: "hook", schema: WebhookChannel.type.schema)
        #expect(throws: ChannelConfiguration.Missing.self) {
            try ChannelTypes.make([empty], ChannelTools(http: http, now: { noon }))
        }
        await http.shutdown()
    }

    @Test func theFilesLimitsBecomeThePolicy() {
        var limits = ChannelLimits(
            timeout: .seconds(3),
            concurrency: 2,
            budget: [.init(18, per: .minutes(1))]
        )
        limits.retry.attempts = 7
        let type = ChannelType(
            ChannelSchema("x", needsAddress: false),
            openCodes: ["93000"],
            pauses: ["45009": .seconds(60)]
        ) { _, _ in ScriptedChannel("x") }
        let policy = type.policy(limits)
        #expect(policy.timeout == .seconds(3) && policy.concurrency == 2 && policy.retry.attempts == 7)
        #expect(policy.budget == [Budget.Rate(18, per: .minutes(1))] && policy.personBudget.isEmpty)
        #expect(policy.verdict(.failed(code: "93000", reason: "")) == .open(pause: nil))
        #expect(policy.verdict(.retry(code: "45009", reason: "", after: nil)) == .open(pause: .seconds(60)))
        #expect(policy.verdict(.failed(code: "40058", reason: "")) == .success)
    }

    @Test func aNamedPauseOpensForJustAsLong() {
        var breaker = CircuitBreaker()
        breaker.record(.open(pause: .minutes(10)), at: noon)
        #expect(breaker.opensUntil == noon + .minutes(10))
    }
}
