import Delivery
import Duty
import Foundation
import Synchronization

/// 14:35 on 23 November 2026 in the county.
let noon = Instant(seconds: 1_795_415_700)

func sample(
    _ key: String = "k1",
    code: String = "N13",
    messageClass: MessageClass = .personal,
    person: PersonRef = "P-1032",
    urgency: Int = 0,
    requestedAt: Instant = noon,
    values: Value = .object([]),
    matter: MatterID = "complaint/CP-2026-000123",
    enterprise: EnterpriseID = "E-000451",
    stage: String = "breach",
    dueAt: Instant? = noon
) -> Duty.Notification {
    Duty.Notification(
        key: key,
        code: code,
        rule: "A22.response",
        article: 22,
        matter: matter,
        enterprise: enterprise,
        cycle: 1,
        stage: stage,
        messageClass: messageClass,
        recipient: Recipient(person: person, role: "park.staff"),
        dueAt: dueAt,
        requestedAt: requestedAt,
        urgency: urgency,
        withdraws: nil,
        values: values
    )
}

func message(_ notification: Duty.Notification = sample(), traceparent: String? = nil) -> OutgoingMessage {
    OutgoingMessage(
        notification: notification,
        title: "标题",
        text: "正文",
        address: nil,
        traceparent: traceparent
    )
}

func attempt(
    _ channel: String,
    _ number: Int,
    _ outcome: SendOutcome?,
    at instant: Instant = noon
) -> Attempt {
    Attempt(
        channel: channel,
        number: number,
        startedAt: instant,
        finishedAt: outcome == nil ? nil : instant,
        outcome: outcome
    )
}

let again = SendOutcome.retry(code: "500", reason: "busy", after: nil)
let refused = SendOutcome.failed(code: "400", reason: "refused")
let doubtful = SendOutcome.uncertain(reason: "silence")
let delivered = SendOutcome.sent(reference: nil)

/// The repository's `config/templates`, found from this file.
func templates(_ locale: String) -> String {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return package.appending(path: "config/templates/\(locale)").path(percentEncoded: false)
}

struct Impatient: Error {}

/// Waits until `condition` holds; a run that never gets there fails after ten seconds.
func eventually(_ condition: () async -> Bool) async throws {
    for _ in 0..<10_000 {
        if await condition() { return }
        try await Task.sleep(for: .milliseconds(1))
    }
    throw Impatient()
}

/// A clock that stands still until it is moved.
final class ManualClock: DispatcherClock {
    private struct Sleeper {
        let until: Instant
        let continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var now: Instant
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var cancelled: Set<Int> = []
    }
    private let state: Mutex<State>

    init(_ start: Instant = noon) { state = Mutex(State(now: start)) }

    func now() -> Instant { state.withLock { $0.now } }

    func advance(_ span: Span) {
        let due = state.withLock { state in
            state.now = state.now + span
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.map(\.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    func sleep(until instant: Instant) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if instant <= state.now { return .success(()) }
                    state.sleepers[id] = Sleeper(until: instant, continuation: continuation)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                if state.sleepers[id] == nil { state.cancelled.insert(id) }
                return state.sleepers.removeValue(forKey: id)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}

/// The machine's own clock.
struct SystemClock: DispatcherClock {
    func now() -> Instant { Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) }
    func sleep(until instant: Instant) async throws {
        try await Task.sleep(for: .microseconds(max(0, (instant - now()).microseconds)))
    }
}

struct StoreAway: Error {}

/// An outbox in memory that can be told to fail, and remembers what happened in order.
actor MemoryOutbox: Outbox {
    struct Row {
        var item: OutboxItem
        var nextAt: Instant?
    }

    private(set) var rows: [String: Row] = [:]
    private(set) var log: [String] = []
    private(set) var beginCalls = 0
    private(set) var finishCalls = 0
    private(set) var ends: [AttemptEnd] = []
    var failing: Set<String> = []
    private var past: [PastAttempt] = []

    init(_ notifications: [Duty.Notification] = []) {
        for one in notifications {
            rows[one.key] = Row(
                item: OutboxItem(notification: one, state: .pending, attempts: []),
                nextAt: .distantPast
            )
        }
    }

    func add(_ item: OutboxItem) { rows[item.notification.key] = Row(item: item, nextAt: .distantPast) }
    func remember(_ attempts: [PastAttempt]) { past = attempts }
    func fail(_ operations: Set<String>) { failing = operations }
    func state(_ key: String) -> NotificationState? { rows[key]?.item.state }
    func attempts(_ key: String) -> [Attempt] { rows[key]?.item.attempts ?? [] }
    func nextAt(_ key: String) -> Instant? { rows[key]?.nextAt }
    func count(_ state: NotificationState) -> Int { rows.values.count { $0.item.state == state } }
    func note(_ text: String) { log.append(text) }

    /// Keys of all rows that were ever taken.
    private(set) var taken: Set<String> = []

    func take(
        limit: Int,
        now: Instant,
        excluding: Set<String>,
        passingOver: [MessageClass: Int]
    ) throws -> [OutboxItem] {
        if failing.contains("take") { throw StoreAway() }
        let due = rows.values.filter {
            ($0.nextAt ?? .distantFuture) <= now && !excluding.contains($0.item.notification.key)
                && $0.item.notification.urgency < passingOver[$0.item.notification.messageClass] ?? .max
        }
        let sorted = due.map(\.item).sorted {
            ($0.notification.urgency, $0.notification.requestedAt, $0.notification.key)
                < ($1.notification.urgency, $1.notification.requestedAt, $1.notification.key)
        }
        taken.formUnion(sorted.prefix(limit).map(\.notification.key))
        return Array(sorted.prefix(limit))
    }

    func begin(_ starts: [AttemptStart]) throws {
        if failing.contains("begin") { throw StoreAway() }
        beginCalls += 1
        for start in starts {
            log.append("begin \(start.key) \(start.channel) \(start.number)")
            rows[start.key]?.item.state = .sending
            rows[start.key]?.nextAt = nil
            rows[start.key]?.item.attempts.append(
                Attempt(
                    channel: start.channel,
                    number: start.number,
                    startedAt: start.at,
                    finishedAt: nil,
                    outcome: nil,
                    digest: start.digest
                )
            )
        }
        // The intents are on disk, and the answer that says so is lost.
        if failing.contains("begun") { throw StoreAway() }
    }

    func finish(_ ends: [AttemptEnd]) throws {
        if failing.contains("finish") { throw StoreAway() }
        finishCalls += 1
        self.ends += ends
        for end in ends {
            log.append("finish \(end.key) \(end.channel) \(end.number) \(end.outcome.word) \(end.state)")
            guard var row = rows[end.key] else { continue }
            row.item.attempts.removeAll { $0.channel == end.channel && $0.number == end.number }
            if end.number > 0 {
                row.item.attempts.append(
                    Attempt(
                        channel: end.channel,
                        number: end.number,
                        startedAt: end.at,
                        finishedAt: end.at,
                        outcome: end.outcome,
                        digest: end.digest
                    )
                )
            }
            row.item.state = end.state
            row.nextAt = end.nextAt
            rows[end.key] = row
        }
    }

    func attempts(since moment: Instant) throws -> [PastAttempt] {
        if failing.contains("attempts") { throw StoreAway() }
        return past.filter { $0.endedAt >= moment }
    }

    func nextDue(after now: Instant) -> Instant? {
        rows.values.compactMap(\.nextAt).filter { $0 > now }.min()
    }
}

/// A channel that answers by a script; the last answer is repeated.
final class ScriptedChannel: Channel {
    let name: String
    let needsAddress: Bool
    private let answers: Mutex<[SendOutcome]>
    private let seen = Mutex<[OutgoingMessage]>([])
    private let before: @Sendable (OutgoingMessage) async -> Void

    init(
        _ name: String,
        _ answers: [SendOutcome] = [delivered],
        needsAddress: Bool = true,
        before: @escaping @Sendable (OutgoingMessage) async -> Void = { _ in }
    ) {
        self.name = name
        self.answers = Mutex(answers)
        self.needsAddress = needsAddress
        self.before = before
    }

    var messages: [OutgoingMessage] { seen.withLock { $0 } }
    var keys: [String] { messages.map(\.notification.key) }

    func answer(_ outcomes: [SendOutcome]) { answers.withLock { $0 = outcomes } }

    func send(_ message: OutgoingMessage, timeout: Duration) async -> SendOutcome {
        seen.withLock { $0.append(message) }
        await before(message)
        return answers.withLock { $0.count > 1 ? $0.removeFirst() : $0.first ?? delivered }
    }
}

/// Remembers what it hears.
final class Listener: DispatchObserver {
    struct Heard {
        var outcomes: [(channel: String, word: String, latency: Span)] = []
        var reasons: [String] = []
        var breakers: [String] = []
        var outboxErrors = 0
    }
    private let state = Mutex(Heard())

    var heard: Heard { state.withLock { $0 } }

    func attemptFinished(
        _ notification: Duty.Notification,
        channel: String,
        outcome: SendOutcome,
        latency: Span
    ) {
        state.withLock { $0.outcomes.append((channel, outcome.word, latency)) }
    }
    func gaveUp(_ notification: Duty.Notification, reason: String) {
        state.withLock { $0.reasons.append(reason) }
    }
    func breakerChanged(channel: String, isOpen: Bool) {
        state.withLock { $0.breakers.append("\(channel) \(isOpen ? "open" : "closed")") }
    }
    func outboxFailed(operation: OutboxOperation, error: any Error) {
        state.withLock { $0.outboxErrors += 1 }
    }
}
