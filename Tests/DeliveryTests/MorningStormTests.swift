import Duty
import Testing

@testable import Delivery

extension Dispatcher {
    /// Nothing is to be done before the clock moves or new rows come.
    fileprivate var isAtRest: Bool {
        !poked.load(ordering: .acquiring) && !mayHaveMore && sending == 0 && unrecorded.isEmpty
            && !isRecording
            && nextWake() > clock.now()
    }
}

/// 2,000 complaints in ten minutes: the app's provider throttles for two minutes, text messages are down for
/// five, one leader has no account on the app, and half of the complaints are not answered in time.
@Suite(.timeLimit(.minutes(5))) struct MorningStormTests {
    private static let start = noon + .hours(18) + .minutes(25)
    private static let complaints = 2_000
    private static let throttled = (start + .minutes(3))..<(start + .minutes(5))
    private static let smsDown = (start + .minutes(4))..<(start + .minutes(9))
    private static let absent: PersonRef = "P-L3"

    /// Every message of the morning, in the order in which the engine would decide them.
    private func morning(_ seed: UInt64) -> [Duty.Notification] {
        var random = SeededRandom(seed)
        var all: [Duty.Notification] = []
        for index in 0..<Self.complaints {
            let at = Self.start + .milliseconds(Int64.random(in: 0..<600_000, using: &random))
            let due = at + .minutes(30)
            let staff = PersonRef("P-\(index % 60)")
            let leader = PersonRef("P-L\(index % 6)")
            let matter = MatterID("complaint/CP-\(index)")
            func tell(_ code: String, _ person: PersonRef, _ urgency: Int, _ at: Instant) {
                all.append(
                    sample(
                        "A22.response|\(matter)|1|\(code)|\(person)",
                        code: code,
                        messageClass: person.text.hasPrefix("@") ? .group : .personal,
                        person: person,
                        urgency: urgency,
                        requestedAt: at,
                        values: ["number": .string(matter.number)],
                        matter: matter,
                        dueAt: due
                    )
                )
            }
            tell("N10", staff, 1, at)
            tell("N10", "@group", 1, at)
            guard Bool.random(using: &random) else {
                // Answered in time: the group is told that it is over.
                tell("N15", "@group", 1, at + .minutes(Int64.random(in: 5..<28, using: &random)))
                continue
            }
            tell("N11", staff, 2, due - .minutes(15))
            tell("N13", staff, 0, due)
            tell("N13", leader, 0, due)
            tell("N13", "@group", 0, due)
            tell("N14", "P-HEAD", 0, due + .minutes(30))
        }
        return all.sorted { ($0.requestedAt, $0.key) < ($1.requestedAt, $1.key) }
    }

    private func policy() -> DispatchPolicy {
        var policy = DispatchPolicy()
        policy.channels["app"] = ChannelPolicy(
            budget: [.init(300, per: .minutes(1))],
            personBudget: [.init(20, per: .minutes(1)), .init(1_000, per: .hours(1))],
            grouping: Grouping(),
            pauses: ["45009": .seconds(60)]
        )
        policy.channels["sms"] = ChannelPolicy(
            templateBudget: [.init(1, per: .minutes(1)), .init(30, per: .days(1))],
            grouping: Grouping(),
            digestLength: 70
        )
        policy.channels["robot"] = ChannelPolicy(budget: [.init(18, per: .minutes(1))], grouping: Grouping())
        return policy
    }

    @Test(arguments: [1, 20_261_124] as [UInt64]) func nobodyMissesABreach(seed: UInt64) async throws {
        let clock = ManualClock(Self.start)
        let app = CountingProvider(
            "app",
            limits: [
                .init(count: 400, seconds: 60, scope: .everything),
                .init(count: 30, seconds: 60, scope: .recipient),
                .init(count: 1_000, seconds: 3_600, scope: .recipient),
            ],
            now: clock.now
        ) { _, at in
            Self.throttled.contains(at)
                ? .retry(code: "45009", reason: "over the limit", after: .seconds(60)) : nil
        }
        let sms = CountingProvider(
            "sms",
            limits: [
                .init(count: 1, seconds: 60, scope: .recipientAndCode),
                .init(count: 50, seconds: 86_400, scope: .recipientAndCode),
            ],
            now: clock.now
        ) { _, at in
            Self.smsDown.contains(at) ? .retry(code: "connection", reason: "no connection", after: nil) : nil
        }
        let robot = CountingProvider(
            "robot",
            needsAddress: false,
            limits: [.init(count: 20, seconds: 60, scope: .everything)],
            now: clock.now
        )
        let outbox = MemoryOutbox()
        let dispatcher = Dispatcher(
            outbox: outbox,
            channels: ["app": app, "sms": sms, "robot": robot],
            routing: [.personal: ["app", "sms"], .group: ["robot"]],
            addresses: { $1 == "app" && $0 == Self.absent ? nil : "\($1):\($0)" },
            renderer: MessageRenderer(directory: templates("zh-CN")),
            clock: clock,
            policy: policy(),
            observer: Listener(),
            shadow: false
        )
        let run = Task { await dispatcher.run() }
        var rest = morning(seed)[...]
        let end = Self.start + .minutes(90)
        while clock.now() < end {
            let due = rest.prefix { $0.requestedAt <= clock.now() }
            rest = rest.dropFirst(due.count)
            for one in due { await outbox.add(OutboxItem(notification: one, state: .pending, attempts: [])) }
            if !due.isEmpty { dispatcher.poke() }
            try await eventually { await dispatcher.isAtRest }
            clock.advance(.milliseconds(500))
        }
        try await eventually { await dispatcher.isAtRest }
        run.cancel()
        await run.value

        let report = StormReport(await outbox.rows.values.map { $0 }, starting: Self.start)
        print("morning storm, seed \(seed)\n\(report.text)")
        #expect(rest.isEmpty)
        #expect(app.complaints + sms.complaints + robot.complaints == [])
        #expect(report.lines.allSatisfy { $0.state == .sent })
        #expect(report.twiceOnAChannel == [])
        let breaches = report.lines.filter { $0.notification.urgency == 0 }
        #expect(breaches.count > 3_000)
        // A leader with twenty-eight breaches a minute and an app that takes twenty still knows within two. Text
        // messages leave once a minute: up to five of a kind go singly before the next are told as one.
        for breach in breaches {
            let isByText = breach.notification.recipient.person == Self.absent
            #expect(breach.wait <= (isByText ? .minutes(5) : .minutes(2)))
        }
        let first = report.lines.filter {
            $0.notification.code == "N10" && !$0.notification.recipient.isGroup
                && !(Self.throttled.lowerBound..<Self.smsDown.upperBound).contains(
                    $0.notification.requestedAt
                )
        }
        #expect(first.count > 500)
        #expect(StormReport.percentile(99, first.map(\.wait)) <= .seconds(5))
    }
}

/// Who waited for what.
private struct StormReport {
    struct Line {
        let notification: Duty.Notification
        let state: NotificationState
        let attempts: [Attempt]

        var sent: Attempt? { attempts.first { $0.outcome?.word == "sent" } }
        /// From the decision until the provider's yes.
        var wait: Span {
            sent.map { ($0.finishedAt ?? .distantFuture) - notification.requestedAt } ?? .days(1)
        }
    }

    let lines: [Line]
    let start: Instant

    init(_ rows: [MemoryOutbox.Row], starting start: Instant) {
        lines = rows.map {
            Line(notification: $0.item.notification, state: $0.item.state, attempts: $0.item.attempts)
        }
        .sorted { $0.notification.key < $1.notification.key }
        self.start = start
    }

    /// Keys that one channel took, or may have taken, more than once.
    var twiceOnAChannel: [String] {
        lines.filter { line in
            let told = line.attempts.filter {
                ["sent", "uncertain"].contains($0.outcome?.word ?? "uncertain")
            }
            return Set(told.map(\.channel)).count < told.count
        }.map(\.notification.key)
    }

    static func percentile(_ percent: Int, _ spans: [Span]) -> Span {
        let sorted = spans.sorted()
        guard !sorted.isEmpty else { return .zero }
        return sorted[min(sorted.count - 1, (sorted.count * percent) / 100)]
    }

    var text: String {
        let groups = Dictionary(grouping: lines) { line in
            let person = line.notification.recipient.person
            let who =
                person.text.hasPrefix("@")
                ? "group"
                : person.text.hasPrefix("P-L") ? "leader \(person)" : person == "P-HEAD" ? "head" : "staff"
            return "\(line.notification.code) \(who)"
        }
        return groups.sorted { $0.key < $1.key }.map { name, lines in
            let waits = lines.map(\.wait)
            let ways = Dictionary(grouping: lines.compactMap(\.sent), by: \.channel).sorted {
                $0.key < $1.key
            }.map {
                let digests = Set($0.value.compactMap(\.digest)).count
                let several = $0.value.count { $0.digest != nil }
                return "\($0.key) \($0.value.count)"
                    + (digests > 0 ? " (\(several) of them in \(digests) digests)" : "")
            }
            let failed = lines.flatMap(\.attempts).count { $0.outcome?.word != "sent" }
            let (half, most) = (Self.percentile(50, waits), Self.percentile(99, waits))
            return "  \(name): \(lines.count) told, waited p50 \(half.seconds) s, p99 \(most.seconds) s, "
                + "longest \((waits.max() ?? .zero).seconds) s; by \(ways.joined(separator: ", ")); "
                + "\(failed) attempts failed"
        }.joined(separator: "\n")
    }
}
