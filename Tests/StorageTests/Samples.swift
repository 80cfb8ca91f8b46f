import Duty
import Foundation
import Storage

/// A folder of its own for each test, gone afterwards.
struct Scratch: Sendable {
    let folder: String

    init() throws {
        folder =
            FileManager.default.temporaryDirectory.appendingPathComponent("store-" + UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    var database: String { folder + "/store.db" }
    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}

/// Values to put into a store.
enum Sample {
    static let noon = Instant(microseconds: 1_780_000_000_123_456)

    static func fact(
        _ id: String,
        of matter: MatterID = "complaint/1",
        source: String = "/desk",
        enterprise: EnterpriseID? = "E-1"
    ) -> Fact {
        Fact(
            key: EventKey(source: source, id: id),
            kind: .complaintFiled,
            matter: matter,
            enterprise: enterprise,
            time: noon - .minutes(3),
            recordedAt: noon - .minutes(2),
            receivedAt: noon,
            traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            classification: .confidential,
            data: ["summary": "厂区\"断电\"\n🔥", "amountFen": 9_007_199_254_740_993, "anonymous": false]
        )
    }

    /// A void that waits for what it is about.
    static func amendment(_ id: String, of target: String, source: String = "/desk") -> Fact {
        Fact(
            key: EventKey(source: source, id: id),
            kind: .recordVoided,
            matter: .waiting(for: target),
            enterprise: "E-1",
            time: noon,
            receivedAt: noon,
            data: ["targetId": .string(target), "targetType": "complaint.filed"]
        )
    }

    static func matter(
        _ id: MatterID = "complaint/1",
        version: Int64 = 1,
        enterprise: EnterpriseID? = "E-1",
        isOpen: Bool = true,
        wakeAt: Instant? = nil,
        state: MatterState = MatterState()
    ) -> StoredMatter {
        StoredMatter(
            id: id,
            version: version,
            enterprise: enterprise,
            policyVersion: "2023-4.1",
            isOpen: isOpen,
            wakeAt: wakeAt,
            state: state
        )
    }

    static func record(
        _ matter: MatterID? = "complaint/1",
        action: String = "event.accepted"
    ) -> JournalRecord {
        let entry = Transition(
            action: action,
            rule: "A22.response",
            article: 22,
            cycle: 1,
            at: noon - .seconds(1),
            fields: ["source": "/desk", "late": true, "seconds": -3, "none": .null, "list": ["一", "二"]]
        )
        let bare = Transition(
            action: "event.parked",
            rule: nil,
            article: nil,
            cycle: 0,
            at: noon,
            fields: .object([])
        )
        return JournalRecord(
            matter: matter,
            enterprise: matter == nil ? nil : "E-1",
            at: noon,
            entries: [entry, bare]
        )
    }

    static func posting(
        _ entryID: String,
        fine: MatterID = "fine/1",
        person: PersonRef? = "P-1"
    ) -> LedgerEntry {
        LedgerEntry(
            posting: LedgerPosting(
                entryID: entryID,
                fine: fine,
                revision: 2,
                kind: person == nil ? .hold : .allocate,
                person: person,
                role: "park.staff",
                amount: Fen(-333_333),
                balanceAfter: Fen(12),
                decisionID: "AD-1",
                rosterSnapshot: ["RA-1", "RA-2"],
                cause: person == nil ? nil : EventKey(source: "/fines", id: "f1")
            ),
            at: noon,
            ruleVersion: "2023-4.1",
            basis: "蒸发〔2023〕4号第22条"
        )
    }

    static func notification(
        _ key: String,
        of matter: MatterID = "complaint/1",
        urgency: Int = 1,
        at: Instant = noon,
        messageClass: MessageClass = .personal
    ) -> Duty.Notification {
        Duty.Notification(
            key: key,
            code: "N13",
            rule: "A22.response",
            article: 22,
            matter: matter,
            enterprise: "E-1",
            cycle: 1,
            stage: "breach",
            messageClass: messageClass,
            recipient: Recipient(person: "P-1", role: "park.staff"),
            dueAt: noon + .minutes(30),
            requestedAt: at,
            urgency: urgency,
            withdraws: urgency == 0 ? "other" : nil,
            values: ["number": "1", "overdueSeconds": 61]
        )
    }

    static func letter(
        _ offset: Int64,
        value: [UInt8]? = [0xFF, 0x00, 0x7B],
        key: [UInt8]? = nil
    ) -> DeadLetter {
        DeadLetter(
            topic: "park.events",
            partition: 2,
            offset: offset,
            key: key,
            value: value,
            headers: [
                DeadLetter.Header(name: "ce_id", value: [0x00, 0xFE]),
                DeadLetter.Header(name: "空", value: nil),
                DeadLetter.Header(name: "ce_id", value: []),
            ],
            reason: "notJSON",
            detail: "第 1 个字节",
            at: noon
        )
    }
}

extension Commit {
    init(_ build: (inout Commit) -> Void) {
        self.init()
        build(&self)
    }
}

extension Store {
    func outbox(
        now: Instant = Sample.noon,
        limit: Int = 100,
        excluding: Set<String> = [],
        passingOver: [MessageClass: Int] = [:]
    ) async throws -> [String] {
        try await takeNotifications(
            limit: limit,
            now: now,
            excluding: excluding,
            passingOver: passingOver
        ).map(\.notification.key)
    }

    func notification(_ key: String, of matter: MatterID = "complaint/1") async throws -> StoredNotification?
    {
        try await notifications(of: matter).first { $0.notification.key == key }
    }

    func actions() async throws -> [String] {
        try await journal(after: 0, limit: 10_000).flatMap(\.entries).map(\.action)
    }

    /// How much there is of everything, to see that nothing was written.
    func contents(of ids: [MatterID]) async throws -> [String] {
        let matters = try await matters(ids).map { "\($0.id) v\($0.version) \($0.facts.map(\.key.id))" }
        let offsets = try await offsets().map { "\($0.topic)/\($0.partition)@\($0.next)" }.sorted()
        let journal = try await journal(after: 0, limit: 100).map { "journal \($0.sequence)" }
        let ledger = try await ledger(fine: nil).map(\.hash)
        let letters = try await deadLetters(state: nil, limit: 100).map { "letter \($0.number)" }
        var outbox: [String] = []
        for id in ids { outbox += try await notifications(of: id).map(\.notification.key) }
        return matters + offsets + journal + ledger + letters + outbox
    }
}
