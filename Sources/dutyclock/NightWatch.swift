import Duty
import DutyConfig
import Engine
import Storage
import Synchronization
import Telemetry

/// Looks once a night whom nobody would hear of, or by one channel alone, and says so where that is new.
final class NightWatch: Sendable {
    private let store: any Store
    private let engine: Engine
    private let clock: any WallClock
    private let metrics: DutyclockMetrics
    private let log: LogWriter
    /// The files in force, replaced as a whole at a reload.
    private let files: Mutex<ConfigurationSet>
    private let isCounted = Mutex(false)

    init(
        store: any Store,
        engine: Engine,
        clock: any WallClock,
        metrics: DutyclockMetrics,
        log: LogWriter,
        files: ConfigurationSet
    ) {
        self.store = store
        self.engine = engine
        self.clock = clock
        self.metrics = metrics
        self.log = log
        self.files = Mutex(files)
    }

    func replace(_ files: ConfigurationSet) { self.files.withLock { $0 = files } }

    /// Minutes after midnight: late enough for the day's rosters, early enough for the morning.
    private static let minute: Int64 = 137
    private static let longestSleep = Span.seconds(30)
    private static let nightCursor = "reachability.night"
    private static let seenCursor = "reachability.seen"
    private static let chunk = 500

    func run() async {
        let signal = Signal()
        while !Task.isCancelled {
            let now = clock.now()
            do {
                try await look(now)
            } catch {
                log.write(
                    level: .warn,
                    message: "the nightly look at who can be reached failed, and comes again",
                    fields: [("error.message", .outside("\(error)"))]
                )
            }
            await signal.wait(until: now + Self.longestSleep, clock: clock)
        }
    }

    /// The night that `now` belongs to, as a day's number; it begins at the watch's own minute.
    private static func night(_ now: Instant) -> Int64 {
        (CivilDate(now - .minutes(minute)).start.seconds + 8 * 3_600) / 86_400
    }

    /// Counts at the start and every night; a fresh installation has nothing on record before its first night.
    private func look(_ now: Instant) async throws {
        let night = Self.night(now)
        let last = try await store.cursor(Self.nightCursor)
        let hasCounted = isCounted.withLock { $0 }
        guard last < night || !hasCounted else { return }
        let files = files.withLock { $0 }
        let found = Reachability(files).findings(try await enterprises(), at: now)
        count(found)
        isCounted.withLock { $0 = true }
        if last > 0, last < night { try await record(found, files, now) }
        try await store.setCursor(Self.nightCursor, to: night)
    }

    private func record(
        _ found: [Reachability.Finding],
        _ files: ConfigurationSet,
        _ now: Instant
    ) async throws {
        let seen = Int64(bitPattern: Self.hash(found))
        let isNews = try await store.cursor(Self.seenCursor) != seen && !found.isEmpty
        let words = Words(isEnglish: files.configuration.locale == .en, found)
        // A policy that names nobody for such news has it on record alone.
        let role = files.policy.policy.orphanRole
        try await engine.note(
            "reachability.checked",
            Self.fields(found),
            role: role ?? "",
            stage: CivilDate(now).description,
            message: isNews && role != nil ? words.text : nil
        )
        try await store.setCursor(Self.seenCursor, to: seen)
    }

    private func enterprises() async throws -> [Enterprise] {
        let ids = try await store.matterIDs(of: .enterprise)
        var parks: [String: [Fact]] = [:]
        for park in try await store.matters(try await store.matterIDs(of: .park)) {
            parks[park.id.number] = FactHistory.effective(park.facts)
        }
        var found: [Enterprise] = []
        for start in stride(from: 0, to: ids.count, by: Self.chunk) {
            for matter in try await store.matters(Array(ids[start..<min(start + Self.chunk, ids.count)])) {
                let facts = FactHistory.effective(matter.facts)
                let id = EnterpriseID(matter.id.number)
                let park = Enterprise(id: id, facts: facts).parkID ?? ""
                found.append(Enterprise(id: id, facts: facts, parkFacts: parks[park] ?? []))
            }
        }
        return found
    }

    private func count(_ found: [Reachability.Finding]) {
        for kind in Reachability.Finding.Kind.allCases {
            let ofKind = found.filter { $0.kind == kind }
            metrics.unreachable(kind.rawValue).set(Double(ofKind.count { $0.isNobody }))
            metrics.unreachable(kind.rawValue + ".oneChannel")
                .set(Double(ofKind.count { !$0.isNobody }))
        }
    }

    private static let listed = 50

    private static func fields(_ found: [Reachability.Finding]) -> Value {
        let nobody = found.filter(\.isNobody)
        return [
            "unreachable": .integer(Int64(nobody.count)),
            "oneChannel": .integer(Int64(found.count - nobody.count)),
            "subjects": .array(
                nobody.prefix(listed).map { .string($0.kind.rawValue + " " + $0.subject.english) }
            ),
        ]
    }

    /// FNV-1a: the same set is the same number, today and after a restart.
    private static func hash(_ found: [Reachability.Finding]) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for finding in found {
            let text =
                [
                    finding.kind.rawValue, finding.subject.english, finding.messageClass.text,
                    finding.channel ?? "-",
                ]
                .joined(separator: "|") + "\n"
            for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        }
        return hash
    }

    /// What the office is told of it, at most five by name.
    private struct Words {
        let text: String

        init(isEnglish: Bool, _ found: [Reachability.Finding]) {
            let nobody = found.filter(\.isNobody)
            let few = nobody.prefix(5).map { isEnglish ? $0.subject.english : $0.subject.chinese }.joined(
                separator: isEnglish ? ", " : "、"
            )
            let one = found.count - nobody.count
            if isEnglish {
                let list = few.isEmpty ? "" : " (\(few)\(nobody.count > 5 ? " and more" : ""))"
                text =
                    "\(nobody.count) roles, enterprises or steps reach nobody\(list), \(one) by one channel only; "
                    + "see dutyclock check and the journal"
            } else {
                let list = few.isEmpty ? "" : "(\(few)\(nobody.count > 5 ? "等" : ""))"
                text = "有\(nobody.count)个角色、企业或步骤无人可告知\(list),\(one)个只有一条渠道,请核对通讯录和服务名单"
            }
        }
    }
}
