import Console
import Delivery
import Duty
import DutyConfig
import Engine
import Kafka
import Logging
import ServiceLifecycle
import Storage
import Telemetry

/// The one place where the parts are put together.
struct Daemon: Sendable {
    let installation: Installation
    let store: SQLiteStore
    let clock: any WallClock
    let log: LogWriter
    let metrics: DutyclockMetrics
    let health: Health
    /// What outcomes and log lines quote.
    let rules: RulesInForce
    let engine: Engine
    let consumer: KafkaConsumer
    let producer: KafkaProducer
    let letterProducer: KafkaProducer
    let publisher: OutcomePublisher
    let dispatcher: Dispatcher
    let intake: IntakeService
    let wake: WakeService
    let night: NightWatch
    let console: ConsoleServer
    let access: Access
    /// What a reload exchanges; nil: plain HTTP.
    let tls: TLSIdentity?
    let people: People
    let http: OutboundHTTP
    let clientID: String
    /// The embedded broker's address, if there is one.
    let bootstrap: String?

    struct Options: Sendable {
        var clock: any WallClock = SystemClock()
        var arrival: RecordDecoder.Arrival = .broker
        /// Where console channels write; nil: standard output.
        var consoleSink: (@Sendable (String) -> Void)?
        var colour = Process.isOutputTerminal
        var linger: Duration = .milliseconds(5)
    }

    init(
        installation: Installation,
        store: SQLiteStore,
        bootstrap: String?,
        log: LogWriter,
        options: Options
    ) async throws {
        self.installation = installation
        self.store = store
        self.log = log
        clock = options.clock
        metrics = DutyclockMetrics()
        health = Health()
        if installation.configuration.shadow { health.shadows() }
        people = People(installation.files.directory)
        http = OutboundHTTP()
        let clientID = "dutyclock-\(Process.id)"
        self.clientID = clientID
        self.bootstrap = bootstrap
        let configuration = installation.configuration
        let book = try await installation.book(store: store)
        rules = RulesInForce(book)
        let pulse = LivePulse()
        metrics.showZeros(
            channels: configuration.channels.map(\.name),
            rules: installation.files.policy.policy.rules.filter(\.isCounted).map(\.id.text)
        )
        let broadcast = CommitBroadcast(
            journal: JournalLog(log: log, metrics: metrics, rules: rules),
            passedOver: PassedOverLog(log: log),
            pulse: pulse
        )
        let interrupted = try await store.recoverAttempts(now: options.clock.now())
        broadcast.committed(interrupted)
        DeliveryReport.count(interrupted: interrupted, metrics)
        engine = Engine(
            store: store,
            book: book,
            clock: options.clock,
            metrics: metrics,
            observer: broadcast,
            rules: rules
        )

        let properties = Self.properties(configuration.kafka, bootstrap: bootstrap, clientID: clientID)
        let kafkaLog = Self.kafkaLog(log)
        do {
            producer = try KafkaProducer(properties: properties, log: kafkaLog)
            letterProducer = try KafkaProducer(
                properties: properties.merging(["enable.idempotence": "false"]) { $1 },
                log: kafkaLog
            )
            consumer = try KafkaConsumer(
                configuration: ConsumerConfiguration(
                    properties: properties,
                    topics: configuration.kafka.intake,
                    linger: options.linger
                ),
                log: kafkaLog,
                startOffset: { try Self.startOffsets($0, store) }
            )
        } catch {
            throw Failure(
                ExitStatus.badConfiguration,
                "kafka.properties: Kafka 客户端不接受 refused by the Kafka client: \(error)"
            )
        }
        publisher = OutcomePublisher(
            store: store,
            producer: producer,
            letterProducer: letterProducer,
            outcomesTopic: configuration.kafka.outcomes,
            deadLetterTopic: configuration.kafka.deadLetters,
            source: "/dutyclock",
            rules: rules,
            log: log
        )
        intake = IntakeService(
            consumer: consumer,
            engine: engine,
            store: store,
            decoder: RecordDecoder(clock: options.clock, arrival: options.arrival, rules: rules),
            log: log,
            metrics: metrics,
            clock: options.clock,
            health: health
        )
        wake = WakeService(
            engine: engine,
            clock: options.clock,
            log: log,
            metrics: metrics,
            health: health,
            rules: rules
        )

        night = NightWatch(
            store: store,
            engine: engine,
            clock: options.clock,
            metrics: metrics,
            log: log,
            files: installation.files
        )
        let links = try await Self.links(configuration.http, store)
        let publisher = publisher
        let poke: @Sendable () -> Void = { publisher.signal.raise() }
        dispatcher = try Self.dispatcher(
            installation,
            people,
            http,
            KafkaPublishing.publish(producer),
            options,
            StoreOutbox(store: store, committed: broadcast.committed),
            DeliveryReport(log: log, metrics: metrics),
            links
        )
        let dispatcher = dispatcher
        broadcast.connect(notifications: { dispatcher.poke() }, outcomes: poke)

        let topic = configuration.kafka.intake.first ?? "park.events"
        access = Access(
            isOpen: configuration.http.isOpen,
            tokens: configuration.http.accessTokens,
            clock: options.clock,
            publicURL: configuration.http.publicURL,
            hasTLS: configuration.http.tls != nil
        )
        configuration.http.apply(to: access, clock: options.clock, http: http)
        tls = try configuration.http.tls?.identity()
        let gateway = EventGateway(
            producer: producer,
            topic: topic,
            clock: options.clock,
            rules: rules
        )
        let people = people
        console = try ConsoleServer(
            backend: ConsoleBackend(
                store: store,
                engine: engine,
                gateway: gateway,
                outcomes: publisher,
                health: health,
                metrics: metrics,
                clock: options.clock,
                intakeTopic: topic,
                document: installation.files.policy.policy.document,
                pulse: pulse
            ),
            access: access,
            desk: AnswerDesk(
                store: store,
                publish: { events throws(EventGateway.Refusal) in try await gateway.publish(events) },
                clock: options.clock,
                rules: rules,
                metrics: metrics,
                log: log,
                name: { people.knownName($0) },
                owner: { people.owner(ofMobile: $0) },
                links: links,
                isEnglish: configuration.locale == .en
            ),
            tls: tls
        )
        declareFigures()
    }

    /// Ends what threads remain; the services have stopped before.
    func close() async {
        await closeConsumer()
        _ = try? await engine.settle()
        await producer.flush(timeout: .seconds(5))
        await producer.close()
        await letterProducer.close()
        await http.shutdown()
        try? await store.close()
    }

    /// Leaves the group; librdkafka before 2.3 can hang in this when the assignment has only just come, and
    /// nothing that is not on disk depends on it, so the wait is bounded.
    private func closeConsumer() async {
        let closed = Signal()
        let consumer = consumer
        Task {
            await consumer.close()
            closed.raise()
        }
        let system = SystemClock()
        await closed.wait(until: system.now() + .seconds(3), clock: system)
    }

    // MARK: Parts

    static func properties(
        _ kafka: DutyclockConfiguration.Kafka,
        bootstrap: String?,
        clientID: String
    ) -> [String: String] {
        var properties = kafka.properties
        for (name, secret) in kafka.secretProperties { properties[name] = secret.reveal() }
        if let bootstrap { properties["bootstrap.servers"] = bootstrap }
        if properties["group.id"] == nil { properties["group.id"] = "dutyclock" }
        // How long a crashed predecessor keeps its partitions.
        if properties["session.timeout.ms"] == nil { properties["session.timeout.ms"] = "10000" }
        // A record refused for its size goes to the dead letters as it came, so it must fit there.
        if properties["message.max.bytes"] == nil { properties["message.max.bytes"] = "10000000" }
        if properties["client.id"] == nil { properties["client.id"] = clientID }
        return properties
    }

    /// Without a configured secret the store keeps one, so that links outlive a restart.
    private static func links(
        _ http: DutyclockConfiguration.HTTP,
        _ store: SQLiteStore
    ) async throws -> AnswerLinks? {
        guard let publicURL = http.publicURL else { return nil }
        let secret: [UInt8] =
            if let configured = http.linkSecret {
                Array(configured.reveal().utf8)
            } else {
                try await store.secret(named: "links", orKeep: LinkSigner.freshSecret())
            }
        return AnswerLinks(
            publicURL: publicURL,
            signer: LinkSigner(secret: secret),
            expiry: http.linkExpiry
        )
    }

    private static func kafkaLog(_ log: LogWriter) -> KafkaLog {
        { level, facility, text in
            // Warnings and worse; what concerns a reader comes as an event of the consumer as well.
            guard level <= 4 else { return }
            log.write(
                level: level <= 3 ? .warn : .info,
                message: "librdkafka",
                fields: [("error.code", .string(facility)), ("error.message", .outside(text))]
            )
        }
    }

    /// The store's offsets count; a partition that it does not know is read from its start (-2).
    private static func startOffsets(
        _ partitions: [TopicPartition],
        _ store: SQLiteStore
    ) throws -> [TopicPartition: Int64] {
        let pairs = try store.offsetsBlocking().map {
            (TopicPartition(topic: $0.topic, partition: $0.partition), $0.next)
        }
        let stored = Dictionary(pairs) { max($0, $1) }
        return Dictionary(partitions.map { ($0, stored[$0] ?? -2) }) { $1 }
    }

    private static func dispatcher(
        _ installation: Installation,
        _ people: People,
        _ http: OutboundHTTP,
        _ publish: @escaping ChannelTools.Publish,
        _ options: Options,
        _ outbox: StoreOutbox,
        _ report: DeliveryReport,
        _ links: AnswerLinks?
    ) throws -> Dispatcher {
        let clock = options.clock
        let tools = ChannelTools(
            http: http,
            now: { clock.now() },
            source: "/dutyclock",
            nameOf: { people.name($0) },
            addressOf: { people.address($0, on: $1) },
            colour: options.colour,
            sink: options.consoleSink ?? { Process.writeOutput($0 + "\n") },
            publish: publish
        )
        var (channels, policy) = try ChannelTypes.make(installation.configuration.channels, tools)
        policy.quietHours = installation.configuration.restingHours(
            installation.files.policy.policy
        )
        return Dispatcher(
            outbox: outbox,
            channels: channels,
            routing: installation.configuration.routing,
            addresses: { people.address($0, on: $1) },
            names: { people.name($0) },
            links: { links?.link(for: $0) },
            renderer: installation.renderer,
            clock: DeliveryClock(clock: clock),
            policy: policy,
            observer: report,
            shadow: installation.configuration.shadow
        )
    }

    private func declareFigures() {
        metrics.configReloadSuccess.set(true)
        metrics.shadow.set(installation.configuration.shadow)
        for channel in installation.configuration.channels { metrics.channelOpen(channel.name).set(false) }
        _ = metrics.buildInfo(
            Dutyclock.version,
            "\(_SwiftStdlibVersion.current)",
            KafkaLibrary.version
        )
        let gauges = GaugeCollector(
            store: store,
            metrics: metrics,
            clock: clock,
            consumer: consumer,
            dispatcher: dispatcher,
            channels: installation.configuration.channels.map(\.name),
            rules: rules,
            isReady: { await self.readinessProblems().isEmpty }
        )
        metrics.registry.collect { await gauges.collect() }
    }
}

extension DutyclockConfiguration {
    /// The quiet hours as the dispatcher wants them, with the rules that the policy has told at night unless the file
    /// names others; nil if there are none.
    func restingHours(_ policy: Policy) -> Delivery.QuietHours? {
        guard quietHours.from != quietHours.until, !quietChannels.isEmpty else { return nil }
        return Delivery.QuietHours(
            from: quietHours.from,
            until: quietHours.until,
            channels: quietChannels,
            breakThrough: quietHours.breakingThrough(policy)
        )
    }
}
