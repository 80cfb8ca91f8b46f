import Duty
import DutyConfig
import Engine
import Kafka
import Logging
import ServiceLifecycle
import Storage
import Telemetry
import UnixSignals

/// A part of the daemon as a service of the group.
///
/// One that ends by itself ends the whole daemon, loudly.
private struct Part: Service {
    let name: String
    let body: @Sendable () async throws -> Void
    func run() async throws { try await body() }
}

extension Daemon {
    /// Runs until SIGTERM or SIGINT; the parts stop in the reverse order of this list.
    func serve(notify: SystemdNotify, configurationPath: String, logger: Logger) async throws {
        log.write(
            level: .info,
            message: "service started",
            fields: [
                ("event.action", "service.started"),
                ("duty.policy_version", .string(installation.files.policy.policy.version)),
            ]
        )
        sayVacancies(installation)
        if installation.configuration.shadow {
            log.write(
                level: .warn,
                message: "shadow mode: everything is decided and recorded, and no message leaves",
                fields: [("duty.shadow", true)]
            )
        }
        let parts = [
            Part(name: "publisher") {
                await withGracefulShutdownHandler {
                    await cancelWhenGracefulShutdown { await self.publisher.run() }
                } onGracefulShutdown: {
                    // While the broker is away nothing is ever reported; the journal keeps what was not put there.
                    Task {
                        try? await Task.sleep(for: .seconds(2))
                        await self.producer.close()
                        await self.letterProducer.close()
                    }
                }
            },
            part("dispatcher") { await self.dispatcher.run() },
            part("wake") { await self.wake.run() },
            Part(name: "intake") {
                let running = Task { await self.intake.run() }
                await withGracefulShutdownHandler {
                    await withTaskCancellationHandler {
                        await running.value
                    } onCancel: {
                        running.cancel()
                    }
                } onGracefulShutdown: {
                    Task { await self.consumer.close() }
                    // Records not yet taken are read again after the next start; a client that hangs is left.
                    Task {
                        try? await Task.sleep(for: .seconds(3))
                        running.cancel()
                    }
                }
                _ = try? await self.engine.settle()
            },
            Part(name: "console") {
                let http = self.installation.configuration.http
                do {
                    // It stops before the intake does, once every answer has been given: whoever follows what
                    // happens is told to go by this.
                    try await withGracefulShutdownHandler {
                        try await self.console.run(host: http.host, port: http.port, logger: logger)
                    } onGracefulShutdown: {
                        self.stopping(notify)
                    }
                } catch {
                    throw Failure(
                        ExitStatus.unavailable,
                        "http.listen \(http.host):\(http.port): 无法监听 cannot listen: \(Process.words(of: error))"
                    )
                }
            },
            part("readiness") { await self.announce(notify) },
            part("pulse") { await self.provePulse() },
            part("night") { await self.night.run() },
            part("group") { await self.watchGroup() },
            part("reload") { await self.reloadOnHangup(configurationPath, notify) },
        ]
        var configuration = ServiceGroupConfiguration(
            services: parts.map { .init(service: $0) },
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = .seconds(25)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            await close()
            throw error
        }
        await close()
    }

    private func stopping(_ notify: SystemdNotify) {
        health.stopping()
        notify.stopping()
        log.write(
            level: .info,
            message: "service stopping",
            fields: [("event.action", "service.stopping")]
        )
    }

    private func part(_ name: String, _ body: @escaping @Sendable () async -> Void) -> Part {
        Part(name: name) { await cancelWhenGracefulShutdown(body) }
    }

    // MARK: The service manager

    /// READY once everything first holds, then a sign of life as often as the watchdog wants one, each only
    /// after the commit loop has really turned.
    ///
    /// While something outside is waited for, the manager is asked for more time, as long as the loop turns.
    private func announce(_ notify: SystemdNotify) async {
        var wasReady = false
        var said: [String] = []
        let beat = notify.watchdogMicroseconds.map { Duration.microseconds($0 / 3) }
        var pulse = Pulse()
        while !Task.isCancelled {
            let problems = await readinessProblems().map(\.english)
            if problems.isEmpty, !wasReady {
                wasReady = true
                notify.ready()
                log.write(level: .info, message: "service ready", fields: [("event.action", "service.ready")])
            }
            if problems != said, !wasReady {
                log.write(level: .info, message: "not ready yet", fields: [("duty.reason", .list(problems))])
                notify.status("waiting: " + problems.joined(separator: "; "))
            }
            said = problems
            if pulse.isDue(beats: health.beats, every: wasReady ? beat : SystemdNotify.extensionInterval) {
                if wasReady { notify.watchdog() } else { notify.extendStart() }
            }
            try? await Task.sleep(for: wasReady ? min(beat ?? .seconds(1), .seconds(1)) : .milliseconds(50))
        }
    }

    /// Lets the commit loop turn at least once a second, with a tiny commit where there has been none for three.
    ///
    /// What fails here is repaired by the intake; what hangs here is told of by nobody, and that is the point.
    private func provePulse() async {
        while !Task.isCancelled {
            if (try? await engine.proveCommits(within: .seconds(3))) != nil { health.commitLoopTurned() }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Why `/readyz` says no; empty while it says yes.
    func readinessProblems() async -> [Wording] {
        let now = clock.now()
        do {
            let next = try await store.nextWakeUp()
            return health.problems(overdueSince: next.flatMap { $0 < now ? $0 : nil }, now: now)
        } catch {
            return [Health.storeIsUnreadable]
        }
    }

    // MARK: The cluster, and who else is there

    /// Asks the cluster every other second: whether it answers, and who is in the group.
    ///
    /// A SQLite store belongs to one node: another member of the group would take matters away from it.
    ///
    /// A member shows in the group's description, or, where a broker does not describe groups, by partitions
    /// that somebody else must have.
    private func watchGroup() async {
        var known: [String] = []
        var missingSince: ContinuousClock.Instant?
        let admin = try? KafkaAdmin(
            properties: Self.properties(
                installation.configuration.kafka,
                bootstrap: bootstrap,
                clientID: clientID + "-admin"
            )
        )
        while !Task.isCancelled {
            guard let topics = await clusterTopics(admin) else {
                try? await Task.sleep(for: .seconds(1))
                continue
            }
            var foreign = await describedMembers()
            let missing = missingPartitions(topics)
            if missing == 0 { missingSince = nil } else if missingSince == nil { missingSince = .now }
            if foreign.isEmpty, let since = missingSince, ContinuousClock.now - since > .seconds(4) {
                foreign = ["unknown member with \(missing) partitions"]
            }
            health.foreignMembers(foreign)
            metrics.groupMembersForeign.set(foreign.count)
            if !foreign.isEmpty, foreign != known {
                log.write(
                    level: .error,
                    message: "another member shares the consumer group; a SQLite store serves one node only",
                    fields: [("duty.members", .list(foreign))]
                )
            }
            known = foreign
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private func describedMembers() async -> [String] {
        guard let members = try? await consumer.groupMembers(timeout: .seconds(5)), members.count > 1 else {
            return []
        }
        let given = Self.properties(installation.configuration.kafka, bootstrap: nil, clientID: clientID)
        let ours = given["client.id"] ?? clientID
        let others = members.filter { !$0.hasPrefix(ours) }
        return others.isEmpty ? Array(members.dropFirst()) : others
    }

    /// How many partitions each topic has; nil while no broker answers, which readiness is told.
    private func clusterTopics(_ admin: KafkaAdmin?) async -> [String: Int]? {
        guard let admin else { return [:] }
        let asked = ContinuousClock.now
        do {
            let topics = try await admin.metadata(timeout: .seconds(3))
            health.kafkaAnswers()
            return topics
        } catch {
            health.kafkaIsAway(error.description, since: asked)
            return nil
        }
    }

    /// Partitions of the intake that are not ours, once we have any.
    private func missingPartitions(_ topics: [String: Int]) -> Int {
        let assigned = consumer.assignment.count
        guard assigned > 0 else { return 0 }
        let all = installation.configuration.kafka.intake.reduce(0) { $0 + (topics[$1] ?? 0) }
        return max(0, all - assigned)
    }

    // MARK: Reload

    private func reloadOnHangup(_ path: String, _ notify: SystemdNotify) async {
        for await _ in await UnixSignalsSequence(trapping: .sighup) {
            notify.reloading()
            await reload(path)
            notify.reloaded()
        }
    }

    /// Takes policy, directory, calendar, templates, routing, access, certificate and log level, whole or not at
    /// all: a bad file changes nothing, nor does one that changes what is read at the start only.
    private func reload(_ path: String) async {
        let (fresh, problems) = Installation.load(path: path)
        guard let fresh else { return refuse(problems.all.map(\.placed)) }
        // What the start has read and no reload has changed since.
        let keys = ReloadCheck.restartKeys(installation.configuration, fresh.configuration)
        guard keys.isEmpty else {
            return refuse(
                keys.map { Wording("改动要重启后才生效", "a change needs a restart").after($0 + ": ") }
            )
        }
        let book: RuleBook
        do {
            book = try await fresh.book(store: store)
        } catch {
            return refuse([Wording("规则存不进数据库:\(error)", "the rules cannot be stored: \(error)")])
        }
        await engine.replace(book: book)
        people.replace(fresh.files.directory)
        fresh.configuration.http.apply(to: access, clock: clock, http: http)
        exchangeCertificate(fresh.configuration.http.tls)
        night.replace(fresh.files)
        await dispatcher.update(
            routing: fresh.configuration.routing,
            renderer: fresh.renderer,
            quietHours: fresh.configuration.restingHours(fresh.files.policy.policy)
        )
        if let level = LogLevel(name: fresh.configuration.log.level.rawValue) { log.level = level }
        metrics.configReloadSuccess.set(true)
        health.configurationWasRefused([])
        sayVacancies(fresh)
        engine.wakeSignal.raise()
        log.write(
            level: .info,
            message: "configuration reloaded",
            fields: [
                ("event.action", "service.reloaded"),
                ("duty.policy_version", .string(fresh.files.policy.policy.version)),
            ]
        )
    }

    /// It was looked at with the rest of the configuration, so that it is not refused here.
    private func exchangeCertificate(_ fresh: DutyclockConfiguration.HTTP.TLS?) {
        guard let tls, let fresh else { return }
        do {
            try tls.replace(certificate: fresh.certificate, key: fresh.key.reveal())
        } catch {
            refuse([error.wording.after("http.tls: ")])
        }
    }

    /// A post that nobody holds is filled sooner if its name is heard of; everything else goes on meanwhile.
    private func sayVacancies(_ installation: Installation) {
        let vacancies = installation.files.vacancies
        guard !vacancies.isEmpty else { return }
        log.write(
            level: .warn,
            message: "nobody holds posts that the policy tells; the rest goes on",
            fields: [
                ("duty.unreachable", .int(Int64(vacancies.count))),
                ("duty.subjects", .list(vacancies.map(\.description))),
            ]
        )
    }

    private func refuse(_ problems: [Wording]) {
        metrics.configReloadSuccess.set(false)
        health.configurationWasRefused(problems)
        log.write(
            level: .error,
            message: "configuration refused, the old one stays",
            fields: [
                ("event.action", "service.reloadRejected"), ("error.message", .list(problems.map(\.english))),
            ]
        )
    }
}
