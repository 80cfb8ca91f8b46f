import Duty
import DutyConfig
import Engine
import Foundation
import Storage
import Synchronization
import Telemetry
import Testing

@testable import Console

/// What supervisors do, from the desk through the topic and the engine to the journal, in one process.
@Suite struct SupervisorDeskTests {
    private let office = SupervisorDesk.Caller(name: "duty-desk", person: "P-9001", role: "supervisor")
    private static let monday = Instant(rfc3339: "2026-11-23T14:05:00+08:00") ?? .distantPast

    /// A daemon without Kafka: what is put onto the topic arrives when `arrive` is called.
    private final class Town: Sendable {
        let store: SQLiteStore
        let engine: Engine
        let clock = ManualClock(SupervisorDeskTests.monday)
        let topic = Mutex<[CloudEvent]>([])
        let isAway = Mutex(false)
        let retried = Mutex<[Int64]>([])
        let rules: RulesInForce

        init(folder: String) throws {
            store = try SQLiteStore(path: folder + "/store.db")
            let root =
                URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().path + "/config"
            let book = RuleBook(
                current: try #require(PolicyFile.load(path: root + "/policy/hengyang-2023-4.yaml").partial)
                    .policy,
                calendar: try #require(CalendarFile.load(path: root + "/calendars/cn.yaml").partial),
                directory: try #require(DirectoryFile.load(path: root + "/directory.yaml").partial).directory
            )
            rules = RulesInForce(book)
            engine = Engine(
                store: store,
                book: book,
                clock: clock,
                metrics: DutyclockMetrics(),
                observer: Unheard()
            )
        }

        private struct Unheard: CommitObserver {
            func committed(_ records: [JournalRecord]) {}
            func notificationsQueued() {}
            func deadLettersQueued() {}
        }

        var desk: SupervisorDesk {
            SupervisorDesk(
                store: store,
                rules: rules,
                clock: clock,
                publish: { events throws(EventGateway.Refusal) in
                    if self.isAway.withLock({ $0 }) { throw .unavailable("no broker") }
                    for (index, event) in events.enumerated() {
                        do throws(EventRejection) {
                            _ = try EventValidation.fact(event, receivedAt: self.clock.now())
                        } catch {
                            throw .rejected(index: index, error)
                        }
                    }
                    self.topic.withLock { $0 += events }
                },
                putBack: { letter in self.retried.withLock { $0.append(letter.number) } },
                settle: { try await self.engine.settle(letters: $0, as: $1, by: $2, because: $3) }
            )
        }

        func arrive() async throws {
            let events = topic.withLock { topic in
                defer { topic = [] }
                return topic
            }
            let facts = try events.map { try EventValidation.fact($0, receivedAt: clock.now()) }
            try await engine.ingest(Batch(items: facts.map { .fact($0, nil) }, offsets: []))
            try await engine.settle()
        }

        func put(_ kind: EventKind, _ data: Value) {
            let attributes = [
                "specversion": "1.0", "id": kind.rawValue + JSONWriter.text(data), "source": "/test",
                "type": kind.typeName,
            ]
            topic.withLock { $0.append(CloudEvent(attributes: attributes, data: data)) }
        }

        /// One enterprise with its officer and leader, and a complaint that was filed now.
        func begin() async throws {
            let then: Value = .string((clock.now() - .days(60)).rfc3339)
            put(
                .enterpriseRegistered,
                [
                    "enterpriseId": "E-1", "uscc": "91430421MA4TEXT01G", "name": "某某精密", "inPark": true,
                    "registeredAt": then,
                ]
            )
            for (person, role) in [("P-1032", "park.staff"), ("P-2001", "park.leader")] {
                put(
                    .rosterAssigned,
                    [
                        "assignmentId": .string(person), "personRef": .string(person), "role": .string(role),
                        "from": then, "scope": ["enterpriseId": "E-1"],
                    ]
                )
            }
            put(
                .complaintFiled,
                [
                    "complaintId": "1", "enterpriseId": "E-1", "kind": "appeal", "channel": "app",
                    "summary": "厂区临时用电容量不足", "filedAt": .string(clock.now().rfc3339),
                ]
            )
            try await arrive()
        }

        func told(_ code: String) async throws -> [Duty.Notification] {
            try await store.notifications(of: "complaint/1").map(\.notification).filter { $0.code == code }
        }

        func entries(_ action: String) async throws -> [Transition] {
            try await store.journal(after: 0, limit: 10_000).flatMap(\.entries).filter { $0.action == action }
        }

        func advance(_ minutes: Int64) async throws {
            clock.advance(to: SupervisorDeskTests.monday + .minutes(minutes))
            try await engine.wake()
        }
    }

    private func with(_ body: (Town) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "desk-" + UUID().uuidString
        )
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let town = try Town(folder: folder.path)
        try await town.begin()
        try await body(town)
        try await town.store.close()
    }

    private func code(_ body: () async throws -> Void) async -> String {
        do {
            try await body()
            return "done"
        } catch let refusal as SupervisorDesk.Refusal {
            return refusal.code
        } catch {
            return "\(error)"
        }
    }

    private func target(_ stage: String, rule: RuleID = "A22.response") -> SupervisorDesk.Target {
        SupervisorDesk.Target(matter: "complaint/1", rule: rule, stage: stage)
    }

    // MARK: Escalating

    @Test func `A step is told once for one request, and the journal says who asked and why`() async throws {
        try await with { town in
            for _ in 0..<2 {
                let receipt = try await town.desk.escalate(
                    target("escalate60"),
                    because: " 企业停产 ",
                    by: office,
                    requestID: "R-1"
                )
                #expect(receipt.requestID == "R-1" && receipt.matter == "complaint/1")
            }
            #expect(town.topic.withLock { $0.count } == 2)
            try await town.arrive()
            #expect(try await town.told("N94").map(\.recipient.person) == ["P-0101"])
            let asked = try await town.entries("escalation.requested")
            #expect(asked.count == 1)
            let entry = try #require(asked.first)
            #expect(entry.fields["by"] == "P-9001" && entry.fields["byRole"] == "supervisor")
            #expect(entry.fields["reason"] == "企业停产" && entry.fields["requestId"] == "R-1")
            #expect(entry.rule == "A22.response" && entry.fields["stage"] == "escalate60")
            #expect(try await town.entries("notification.escalated").count == 1)
            // Once it is on record, the same request is answered without another event.
            _ = try await town.desk.escalate(target("escalate60"), because: "x", by: office, requestID: "R-1")
            #expect(town.topic.withLock { $0.isEmpty })
            try await town.advance(90)
            #expect(try await town.told("N14").isEmpty)
            #expect(try await town.store.verify { _, _ in }.isSound)
        }
    }

    @Test func `What cannot be escalated is refused by its name, and nothing is produced`() async throws {
        try await with { town in
            let desk = town.desk
            func refusal(_ target: SupervisorDesk.Target, _ reason: String? = "过问") async -> String {
                await code { _ = try await desk.escalate(target, because: reason, by: office) }
            }
            #expect(await refusal(target("nothing")) == "unknownStage")
            #expect(await refusal(target("open")) == "stepWasTold")
            #expect(await refusal(target("reopen")) == "stepOfOtherCycle")
            #expect(await refusal(target("breach", rule: "A22.none")) == "notOwed")
            var other = target("breach")
            other.matter = "complaint/2"
            #expect(await refusal(other) == "notFound")
            other = target("breach")
            other.cycle = 2
            #expect(await refusal(other) == "notOwed")
            for (reason, expected) in [
                (nil, "reasonMissing"), ("  \n", "reasonMissing"),
                (String(repeating: "长", count: 201), "reasonTooLong"), ("请致电13800000000", "reasonPersonal"),
            ] as [(String?, String)] { #expect(await refusal(target("breach"), reason) == expected) }
            #expect(await refusal(target("breach"), String(repeating: "长", count: 200)) == "done")
            try await town.arrive()
            try await town.advance(31)
            #expect(await refusal(target("warn15")) == "stepIsOver")
            town.isAway.withLock { $0 = true }
            #expect(await refusal(target("escalate60")) == "kafkaAway")
        }
    }

    // MARK: Acknowledging

    @Test func `An acknowledgement for somebody else stops their repeats and names both`() async throws {
        try await with { town in
            try await town.advance(31)
            let key = "A22.response|complaint/1|1|breach|P-2001"
            _ = try await town.desk.acknowledge(key, because: "已电话通知本人", by: office)
            try await town.arrive()
            let told = try await town.store.notifications(of: "complaint/1")
            let one = try #require(told.first { $0.notification.key == key })
            #expect(one.acknowledgement?.person == "P-2001" && one.acknowledgement?.via == "supervisor")
            let entry = try #require(try await town.entries("notification.acknowledged").first)
            #expect(entry.fields["personRef"] == "P-2001" && entry.fields["by"] == "P-9001")
            #expect(entry.fields["reason"] == "已电话通知本人")
            for minute in 32..<50 { try await town.advance(Int64(minute)) }
            let again = try await town.told("N13").filter { $0.stage.hasPrefix("breach.r") }
            #expect(!again.isEmpty && !again.contains { $0.recipient.person == "P-2001" })
            let group = "A22.response|complaint/1|1|breach|@group"
            let desk = town.desk
            #expect(await code { _ = try await desk.acknowledge(group, because: "x", by: office) } == "group")
            #expect(
                await code { _ = try await desk.acknowledge(key + "0", because: "x", by: office) }
                    == "unknownNotification"
            )
            #expect(
                await code { _ = try await desk.acknowledge("x", because: "x", by: office) }
                    == "unknownNotification"
            )
        }
    }

    // MARK: Silences

    @Test func `A silence is set, seen and ended, on record with both reasons`() async throws {
        try await with { town in
            var scope = Silence.Scope()
            scope.rule = "A22.response"
            let until = town.clock.now() + .hours(3)
            let receipt = try await town.desk.silence(
                scope,
                from: nil,
                until: until,
                because: "平台维护",
                by: office
            )
            try await town.arrive()
            try await town.advance(31)
            #expect(try await town.told("N13").count == 3)
            let held = try #require(try await town.desk.silences().first)
            #expect(held.silence.id == receipt.requestID && held.silence.until == until && held.matters == 1)
            #expect(held.silence.scope == scope && held.silence.by == "P-9001")
            _ = try await town.desk.end(silence: receipt.requestID, because: "提前完成", by: office)
            try await town.arrive()
            #expect(try await town.entries("silence.set").first?.fields["reason"] == "平台维护")
            #expect(try await town.entries("silence.ended").first?.fields["byRole"] == "supervisor")
            let pending = try await town.store.notifications(of: "complaint/1").filter {
                $0.state == .pending && $0.notification.code == "N13"
            }
            #expect(pending.count == 3)
            let desk = town.desk
            #expect(
                await code { _ = try await desk.end(silence: receipt.requestID, because: "x", by: office) }
                    == "silenceIsOver"
            )
            let now = town.clock.now()
            for until in [now, now + .days(32)] {
                #expect(
                    await code {
                        _ = try await desk.silence(scope, from: nil, until: until, because: "x", by: office)
                    } == "badTime"
                )
            }
        }
    }

    // MARK: Dead letters

    @Test func `A dead letter is settled in one commit with who decided it and why`() async throws {
        try await with { town in
            let letter = DeadLetter(
                topic: "park.events",
                partition: 0,
                offset: 7,
                key: nil,
                value: [0x7B],
                headers: [],
                reason: "notJSON",
                detail: "",
                at: town.clock.now()
            )
            try await town.engine.ingest(
                Batch(items: [.deadLetter(letter), .deadLetter(letter)], offsets: [])
            )
            try await town.engine.settle()
            let letters = try await town.store.deadLetters(state: nil, limit: 10)
            try #require(letters.count == 2)
            try await town.desk.retry(letters[0], because: "程序已升级", by: office)
            let token = SupervisorDesk.Caller(name: "token:ops", person: nil, role: "admin")
            try await town.desk.discard(letters[1], because: "测试数据", by: token)
            #expect(town.retried.withLock { $0 } == [letters[0].number])
            #expect(
                try await town.store.deadLetters(state: nil, limit: 10).map(\.state) == [
                    .retried, .discarded,
                ]
            )
            let put = try #require(try await town.entries("deadLetter.retried").first)
            #expect(put.fields["letters"] == .array([.string(String(letters[0].number))]))
            #expect(put.fields["by"] == "P-9001" && put.fields["reason"] == "程序已升级")
            #expect(try await town.entries("deadLetter.discarded").first?.fields["by"] == "token:ops")
            let desk = town.desk
            #expect(
                await code { try await desk.discard(letters[0], because: "", by: token) } == "reasonMissing"
            )
            #expect(try await town.store.verify { _, _ in }.isSound)
        }
    }
}
