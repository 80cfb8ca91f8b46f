import Duty

/// Splits a history into parts that can be worked out side by side, to the same result.
///
/// What is known of enterprises, parks, people and days is read by all matters and depends on none of them: every
/// part has it. What several matters are looked at together for, such as a leader's duty or a gathering of visits,
/// is in the first part, with all that passes something on to it. Every other matter is in one part.
struct ReplayPartition {
    /// Some of the matters, with all that they depend on.
    struct Part {
        /// In the order in which they stand in the history.
        var facts: [Fact] = []
        /// The matters that it is about; nil for all that it has.
        var matters: Set<MatterID>?
    }

    /// Where events that belong together have to be, each more than the one before.
    private enum Reach: Int, Comparable {
        case anywhere, first, everywhere
        static func < (left: Reach, right: Reach) -> Bool { left.rawValue < right.rawValue }
    }

    private var matters: [MatterID: Int] = [:]
    private var events: [String: Int] = [:]
    private var parents: [Int] = []
    private var reaches: [Reach] = []

    /// At most `count` parts of about the same size, one at least.
    static func parts(_ facts: ArraySlice<Fact>, _ policy: Policy, count: Int) -> [Part] {
        guard count > 1 else { return [Part(facts: Array(facts))] }
        var partition = ReplayPartition()
        let places = facts.map { partition.place(of: $0, policy) }
        let roots = places.map { partition.root($0) }
        return partition.deal(facts, roots, among: count)
    }

    private func deal(_ facts: ArraySlice<Fact>, _ roots: [Int], among count: Int) -> [Part] {
        var sizes: [Int: Int] = [:]
        for root in roots { sizes[root, default: 0] += 1 }
        var loads = [Int](repeating: 0, count: count)
        var homes: [Int: Int] = [:]
        for (root, size) in sizes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            switch reaches[root] {
            case .everywhere: continue
            case .first: homes[root] = 0
            case .anywhere: homes[root] = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            }
            loads[homes[root] ?? 0] += size
        }
        var parts = [Part](repeating: Part(), count: count)
        for part in parts.indices.dropFirst() { parts[part].matters = [] }
        for (fact, root) in zip(facts, roots) {
            guard let home = homes[root] else {
                for part in parts.indices { parts[part].facts.append(fact) }
                continue
            }
            parts[home].facts.append(fact)
        }
        for (matter, place) in matters {
            if let home = homes[root(of: place)], home > 0 { parts[home].matters?.insert(matter) }
        }
        return [parts[0]] + parts.dropFirst().filter { $0.matters?.isEmpty == false }
    }

    // MARK: What belongs together

    private mutating func place(of fact: Fact, _ policy: Policy) -> Int {
        let home = policy.home(of: fact)
        let place = number(of: home)
        if home != fact.matter { join(place, number(of: fact.matter)) }
        join(place, number(ofEvent: fact.key.id))
        if let awaited = fact.matter.awaitedEvent { join(place, number(ofEvent: awaited)) }
        if let target = fact.text("targetId") { join(place, number(ofEvent: target)) }
        let root = root(place)
        for matter in [home, fact.matter] {
            reaches[root] = max(reaches[root], Self.reach(of: fact, matter, policy))
        }
        return place
    }

    private static func reach(of fact: Fact, _ matter: MatterID, _ policy: Policy) -> Reach {
        switch matter.type {
        case .enterprise, .park, .org, .calendar, .silence: .everywhere
        case .duty, .gathering: .first
        case .complaint, .service, .fee, .approval, .project, .visit, .case, .penalty, .fine, .clue,
            .assessment:
            policy.passesOn(fact) ? .first : .anywhere
        // It is where the event is that it waits for.
        case nil: matter.isWaiting ? .anywhere : .first
        }
    }

    private mutating func number(of matter: MatterID) -> Int {
        if let known = matters[matter] { return known }
        matters[matter] = parents.count
        return newNumber()
    }

    private mutating func number(ofEvent id: String) -> Int {
        if let known = events[id] { return known }
        events[id] = parents.count
        return newNumber()
    }

    private mutating func newNumber() -> Int {
        parents.append(parents.count)
        reaches.append(.anywhere)
        return parents.count - 1
    }

    private mutating func root(_ place: Int) -> Int {
        var place = place
        while parents[place] != place {
            parents[place] = parents[parents[place]]
            place = parents[place]
        }
        return place
    }

    private func root(of place: Int) -> Int {
        var place = place
        while parents[place] != place { place = parents[place] }
        return place
    }

    private mutating func join(_ left: Int, _ right: Int) {
        let (left, right) = (root(left), root(right))
        if left == right { return }
        // The lower number stays, so that the result does not depend on anything but the facts.
        parents[max(left, right)] = min(left, right)
        reaches[min(left, right)] = max(reaches[left], reaches[right])
    }
}
