import Duty
import Engine
import Storage
import Telemetry
import Testing

/// What of the journal can be read in the log.
@Suite struct JournalLogTests {
    private static func record(
        _ sequence: Int64,
        _ entries: (action: String, fields: Value)...
    ) -> JournalRecord {
        var record = JournalRecord(
            matter: "complaint/CP-1",
            enterprise: "E-1",
            policyVersion: "2023-4.1",
            at: World.monday,
            entries: entries.map {
                Transition(
                    action: $0.action,
                    rule: "A22.response",
                    article: 22,
                    cycle: 1,
                    at: World.monday,
                    fields: $0.fields
                )
            }
        )
        record.sequence = sequence
        return record
    }

    private static func attempt(_ more: KeyValuePairs<String, Value> = [:]) -> Value {
        var members = [
            Value.Member("notificationId", "k"), Value.Member("channel", "hook"),
            Value.Member("attempt", .integer(1)),
        ]
        members += more.map { Value.Member($0.key, $0.value) }
        return .object(members)
    }

    @Test func eachEntryIsOneLineWithItsPlaceInTheJournal() throws {
        let file = LogFile()
        let log = JournalLog(
            log: file.log,
            metrics: DutyclockMetrics(),
            rules: RulesInForce(try Shipped.book())
        )
        log.write([
            Self.record(7, ("deadline.met", .object([])), ("notification.requested", .object([]))),
            Self.record(
                8,
                ("notification.failed", Self.attempt(["providerCode": "500", "reason": "busy"])),
                ("notification.gaveUp", Self.attempt(["reason": "every channel failed"]))
            ),
            Self.record(
                9,
                ("notification.uncertain", Self.attempt()),
                ("notification.gaveUp", .object([Value.Member("roles", .array(["park.staff"]))]))
            ),
        ])
        let lines = try file.lines()
        #expect(lines.map { $0["duty.journal_sequence"]?.integer } == [7, 7, 8, 8, 9, 9])
        #expect(
            lines.map { $0["event.action"]?.string } == [
                "deadline.met", "notification.requested", "notification.failed", "notification.gaveUp",
                "notification.uncertain", "notification.gaveUp",
            ]
        )
        #expect(
            lines.map { $0["log.level"]?.string } == ["info", "info", "warn", "error", "warn", "warn"]
        )
        #expect(
            lines.map { $0["event.outcome"]?.string } == [
                nil, nil, "failure", "failure", "unknown", "failure",
            ]
        )
        #expect(lines[2]["duty.channel"] == "hook" && lines[2]["duty.provider_code"] == "500")
        #expect(lines[3]["duty.reason"] == "every channel failed")
    }

    @Test func aProvidersWordsAreMasked() throws {
        let file = LogFile()
        let log = JournalLog(
            log: file.log,
            metrics: DutyclockMetrics(),
            rules: RulesInForce(try Shipped.book())
        )
        log.write([Self.record(1, ("notification.failed", Self.attempt(["reason": "no user 13900001111"])))])
        #expect(try file.lines().first?["duty.reason"] == "no user 139****1111")
    }

    @Test func whatOnePersonBearsStaysInTheLedger() throws {
        let file = LogFile()
        let log = JournalLog(
            log: file.log,
            metrics: DutyclockMetrics(),
            rules: RulesInForce(try Shipped.book())
        )
        let amount = Value.Member("amountFen", .integer(83_334))
        log.write([
            Self.record(
                1,
                (
                    "allocation.posted",
                    .object([amount, Value.Member("personRef", "P-1"), Value.Member("role", "")])
                ),
                ("allocation.held", .object([amount, Value.Member("role", "park.staff")]))
            )
        ])
        let lines = try file.lines()
        #expect(lines.map { $0["duty.amount_fen"]?.integer } == [nil, 83_334])
        #expect(lines.map { $0["duty.person_ref"]?.string } == ["P-1", nil])
        #expect(lines.map { $0["duty.recipient_role"]?.string } == [nil, "park.staff"], "empty is absent")
    }

    @Test func whatSomebodyTypedForASilenceStaysInTheJournal() throws {
        let file = LogFile()
        let log = JournalLog(
            log: file.log,
            metrics: DutyclockMetrics(),
            rules: RulesInForce(try Shipped.book())
        )
        let silenced = Self.attempt(["silenceId": "SL-1", "reason": "on leave, ask somebody"])
        log.write([Self.record(1, ("notification.silenced", silenced))])
        let line = try file.lines().first
        #expect(line?["duty.silence_id"] == "SL-1" && line?["duty.reason"] == nil)
    }

    @Test func whyAMatterFollowsAnotherPolicyStaysInTheJournal() throws {
        func line(by: String) throws -> Value {
            let fields: Value = ["from": "1", "to": "2", "reason": "ask 张三 of the office", "by": .string(by)]
            return try #require(try lines(("matter.repolicied", fields)).first)
        }
        let known = try line(by: "P-9001")
        #expect(known["duty.policy_to"] == "2" && known["duty.by"] == "P-9001")
        #expect(known["duty.reason"] == nil)
        #expect(try line(by: "张三")["duty.by"] == nil, "a name is no reference")
    }

    @Test func theCalendarIsTheOneInForce() throws {
        let file = LogFile()
        let book = try Shipped.book()
        let rules = RulesInForce(book)
        let log = JournalLog(log: file.log, metrics: DutyclockMetrics(), rules: rules)
        let due = Self.record(
            1,
            ("deadline.started", .object([Value.Member("dueAt", .string(World.monday.rfc3339))]))
        )
        log.write([due])
        let calendar = WorkCalendar(offDays: [:], makeupDays: [], knownYears: [], revision: "another")
        rules.replace(RuleBook(current: book.current, calendar: calendar, directory: book.directory))
        log.write([due, Self.record(2, ("notification.requested", .object([])))])
        #expect(
            try file.lines().map { $0["duty.calendar_revision"]?.string } == [
                book.calendar.revision, "another", nil,
            ]
        )
    }

    private func lines(_ entries: (action: String, fields: Value)...) throws -> [Value] {
        let file = LogFile()
        let log = JournalLog(
            log: file.log,
            metrics: DutyclockMetrics(),
            rules: RulesInForce(try Shipped.book())
        )
        for entry in entries { log.write([Self.record(1, entry)]) }
        return try file.lines()
    }

    @Test func aBreachNamesItsMessageAndHowHighItGoes() throws {
        let lines = try lines(
            ("deadline.breached", .object([])),
            ("notification.escalated", .object([Value.Member("role", "park.head")])),
            ("notification.requested", .object([Value.Member("role", "county.four")])),
            ("deadline.met", .object([]))
        )
        #expect(lines.map { $0["event.code"]?.string } == ["N13", nil, nil, nil])
        #expect(lines.map { $0["duty.level"]?.string } == ["L1", "L2", nil, nil])
    }

    @Test func everyAlertOfTheShippedPolicyHasItsMessage() throws {
        let policy = try Shipped.book().current
        for rule in policy.rules {
            switch rule.body {
            case .allocation, .notice: #expect(policy.alarm(of: rule) == nil)
            // Advice, an award, and a reminder without a limit: nobody fails to keep these.
            case _ where ["A16.arrears", "A21.merge", "A26.brand", "A28.award"].contains(rule.id):
                #expect(policy.alarm(of: rule) == nil)
            default: #expect(policy.alarm(of: rule) != nil, "\(rule.id)")
            }
        }
    }

    @Test func anAcceptedEventNamesItsPlaceAndItsTrace() throws {
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let line = try #require(
            try lines(
                (
                    "event.accepted",
                    ["topic": "park.events", "partition": 3, "offset": 7, "traceparent": .string(trace)]
                )
            ).first
        )
        for (name, value): (String, Value) in [
            ("messaging.system", "kafka"), ("messaging.destination.name", "park.events"),
            ("trace.id", "4bf92f3577b34da6a3ce929d0e0e4736"), ("span.id", "00f067aa0ba902b7"),
        ] { #expect(line[name] == value, "\(name)") }
    }

    @Test func anAttemptSaysHowLongItTook() throws {
        let line = try #require(
            try lines(("notification.sent", Self.attempt(["durationMilliseconds": 12]))).first
        )
        #expect(line["event.duration"] == 12_000_000, "in nanoseconds")
    }

    @Test(arguments: [
        ("deadline.met", "met"), ("duty.met", "met"), ("gate.satisfied", "met"),
        ("deadline.breached", "breached"), ("gate.violated", "breached"), ("window.violated", "breached"),
        ("practice.violated", "breached"), ("fee.overcharged", "breached"), ("duty.missed", "breached"),
        ("deadline.cancelled", "cancelled"), ("duty.cancelled", "cancelled"),
        ("deadline.withdrawn", "withdrawn"), ("gate.cleared", "withdrawn"), ("window.cleared", "withdrawn"),
        ("practice.cleared", "withdrawn"), ("fee.cleared", "withdrawn"), ("duty.withdrawn", "withdrawn"),
    ])
    func whatEndsIsCountedWhateverItsKind(_ action: String, _ outcome: String) throws {
        let metrics = DutyclockMetrics()
        let file = LogFile()
        let log = JournalLog(log: file.log, metrics: metrics, rules: RulesInForce(try Shipped.book()))
        log.write([Self.record(1, (action, .object([])))])
        #expect(try file.lines().count == 1)
        #expect(metrics.deadlines("A22.response", outcome).value == 1)
    }
}
