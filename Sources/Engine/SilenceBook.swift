import Duty
import Storage

/// The silences there are, as their facts have said; read from the store once, and kept up with what arrives.
struct SilenceBook {
    private var histories: [MatterID: [Fact]] = [:]
    private(set) var isKnown = false
    private(set) var all: [Silence] = []

    mutating func learn(_ matters: [StoredMatter]) {
        histories = Dictionary(matters.map { ($0.id, $0.facts) }) { $1 }
        isKnown = true
        workOut()
    }

    mutating func take(_ id: MatterID, _ facts: [Fact]) {
        histories[id] = facts
        workOut()
    }

    private mutating func workOut() {
        all = histories.values.compactMap { Silence(facts: $0) }.sorted { $0.id < $1.id }
    }
}

extension Processor {
    mutating func learnSilences() async throws {
        guard !silences.isKnown else { return }
        silences.learn(try await store.matters(try await store.matterIDs(of: .silence)))
    }

    /// What a silence kept back is looked at again as soon as anything is said of it: it may be over now.
    mutating func touchSilenced(by id: MatterID, _ turn: inout Turn) async throws {
        silences.take(id, cache.take(id)?.facts ?? [])
        let waiting = try await store.silencedMatters(by: id.number)
        try await load(waiting)
        for matter in waiting { turn.touch(matter) }
    }

    /// That a message was kept back, by which silence and why.
    static func silenced(_ item: SilencedNotification) -> Transition {
        let requested = requested(item.notification)
        return Transition(
            action: "notification.silenced",
            rule: requested.rule,
            article: requested.article,
            cycle: requested.cycle,
            at: requested.at,
            fields: .object(
                (requested.fields.members ?? []).filter { $0.name != "reason" } + [
                    Value.Member("silenceId", .string(item.silence)),
                    Value.Member("reason", .string(item.reason)),
                ]
            )
        )
    }
}
