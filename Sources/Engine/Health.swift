import Duty
import Synchronization

/// What readiness is made of, gathered from the services as they go.
package final class Health: Sendable {
    private struct State {
        var assignedPartitions = 0
        var hasBeenAssigned = false
        var storeProblem: String?
        var lastWake: Instant?
        /// Since when no broker answers, and what the client says to that.
        var kafkaAway: (since: ContinuousClock.Instant, reason: String)?
        var foreignMembers: [String] = []
        var isStopping = false
        var isShadow = false
        var refusals: [Wording] = []
        var beats: Int64 = 0
        var lastTurn: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    package init() {}

    package func assigned(_ count: Int) {
        state.withLock {
            $0.assignedPartitions = count
            $0.hasBeenAssigned = $0.hasBeenAssigned || count > 0
        }
    }
    package func storeIsAway(_ reason: String) { state.withLock { $0.storeProblem = reason } }
    package func storeIsBack() { state.withLock { $0.storeProblem = nil } }
    package func kafkaAnswers() { state.withLock { $0.kafkaAway = nil } }
    /// No broker answered a question that was asked at `since`; the first of a row of such calls counts.
    package func kafkaIsAway(_ reason: String, since: ContinuousClock.Instant) {
        state.withLock { $0.kafkaAway = ($0.kafkaAway?.since ?? since, reason) }
    }
    package func foreignMembers(_ members: [String]) { state.withLock { $0.foreignMembers = members } }
    /// Everything is decided and recorded, and nothing is sent.
    package func shadows() { state.withLock { $0.isShadow = true } }
    package var isShadow: Bool { state.withLock { $0.isShadow } }
    /// Why the configuration that was read last was refused; empty once one is taken.
    ///
    /// The one before it stays, so that this is no reason to be unready.
    package func configurationWasRefused(_ reasons: [Wording]) { state.withLock { $0.refusals = reasons } }
    package var refusedConfiguration: [Wording] { state.withLock { $0.refusals } }
    package func stopping() { state.withLock { $0.isStopping = true } }
    package var isStopping: Bool { state.withLock { $0.isStopping } }
    package func wakeUpsDone(at now: Instant) {
        state.withLock { $0.lastWake = now }
    }
    /// The store answered the commit loop at `ticks`: with a commit, or with the reason why there is none.
    package func commitLoopTurned(at ticks: ContinuousClock.Instant = .now) {
        state.withLock {
            $0.lastTurn = ticks
            $0.beats += 1
        }
    }

    /// Grows with each turn of the commit loop; the watchdog looks at it.
    package var beats: Int64 { state.withLock { $0.beats } }

    /// A broker that restarts is no reason to call the daemon unready.
    private static let kafkaPatience = Duration.seconds(5)

    /// A commit loop that has not turned for so long hangs.
    private static let commitPatience = Duration.seconds(15)

    /// Why the daemon is not ready, in sentences; empty when it is.
    ///
    /// `now` is the clock of deadlines, `ticks` the one of the machine.
    package func problems(
        overdueSince oldest: Instant?,
        now: Instant,
        ticks: ContinuousClock.Instant = .now
    ) -> [Wording] {
        state.withLock { state in
            var problems: [Wording] = []
            func add(_ chinese: String, _ english: String) { problems.append(Wording(chinese, english)) }
            if state.isStopping { add("正在停止", "stopping") }
            if state.assignedPartitions == 0 { add("没有分到 Kafka 分区", "no partition assigned") }
            if let away = state.kafkaAway, ticks - away.since > Self.kafkaPatience {
                add("连不上 Kafka:\(away.reason)", "Kafka is away: \(away.reason)")
            }
            if let reason = state.storeProblem {
                add("数据库写不进去:\(reason)", "store is away: \(reason)")
            }
            if let last = state.lastTurn, ticks - last > Self.commitPatience {
                let seconds = (ticks - last).components.seconds
                add("数据库已 \(seconds) 秒没有应答", "the store has not answered for \(seconds) s")
            }
            if state.lastWake == nil { add("启动后的补查还没有完成", "catch-up not done") }
            if let oldest, now - oldest > .seconds(5) {
                let seconds = (now - oldest).seconds
                add("有到点的事项已迟 \(seconds) 秒未处理", "a wake-up is overdue by \(seconds) s")
            }
            if !state.foreignMembers.isEmpty {
                let members = state.foreignMembers
                add(
                    "消费组里还有别的成员,而这个数据库只归一个进程使用:" + members.joined(separator: "、"),
                    "another member shares the consumer group, but this store belongs to one node: "
                        + members.joined(separator: ", ")
                )
            }
            return problems
        }
    }

    /// What is said where the store cannot even be read.
    package static let storeIsUnreadable = Wording("数据库读不了", "store is away")
}
