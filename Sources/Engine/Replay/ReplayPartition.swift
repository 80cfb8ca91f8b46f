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
        /// The matters that it is about.
        var share: Share
    }

    /// The matters that one part counts; each is in one share alone.
    enum Share: Sendable {
        case all
        /// Those of this part alone: not what every part has, nor what the first part is for. `shared` are matters that
        /// every part has although their kind is not known to all.
        case own(shared: Set<MatterID>)

        func has(_ matter: MatterID?) -> Bool {
            guard case .own(let shared) = self else { return true }
            return matter.map { Reach($0) == .anywhere && !shared.contains($0) } ?? false
        }
    }

    /// Where events that belong together have to be, each more than the one before.
    fileprivate enum Reach: Int, Comparable {
        case anywhere, first, everywhere
        static func < (left: Reach, right: Reach) -> Bool { left.rawValue < right.rawValue }

        init(_ matter: MatterID) {
            switch matter.type {
            case .enterprise, .park, .org, .calendar, .silence: self = .everywhere
            case .duty, .gathering: self = .first
            case .complaint, .service, .fee, .approval, .project, .visit, .case, .penalty, .fine, .clue,
                .assessment:
                self = .anywhere
            // It is where the event is that it waits for.
            case nil: self = matter.isWaiting ? .anywhere : .first
            }
        }
    }

    private var places: [Int: Int] = [:]
    private var parents: [Int] = []
    private var reaches: [Reach] = []

    /// At most `count` parts of about the same size, one at least.
    static func parts(_ facts: ArraySlice<Fact>, _ policy: Policy, count: Int) async -> [Part] {
        guard count > 1 else { return [Part(facts: Array(facts), share: .all)] }
        var partition = ReplayPartition()
        let roots = await partition.join(facts, policy)
        return partition.deal(facts, roots, among: count)
    }

    /// For each fact the number of what it belongs together with.
    private mutating func join(_ facts: ArraySlice<Fact>, _ policy: Policy) async -> [Int] {
        // A matter and an event for each fact, at most but for few.
        places.reserveCapacity(2 * facts.count)
        parents.reserveCapacity(2 * facts.count)
        reaches.reserveCapacity(2 * facts.count)
        var numbers: [Int] = []
        numbers.reserveCapacity(facts.count)
        for ties in await Self.ties(facts, policy) { for tie in ties { numbers.append(place(tie)) } }
        return numbers.map { root($0) }
    }

    private func deal(_ facts: ArraySlice<Fact>, _ roots: [Int], among count: Int) -> [Part] {
        var sizes = [Int](repeating: 0, count: parents.count)
        for root in roots { sizes[root] += 1 }
        var loads = [Int](repeating: 0, count: count)
        var homes = [Int?](repeating: nil, count: parents.count)
        let found = sizes.indices.filter { sizes[$0] > 0 && reaches[$0] < .everywhere }
        for root in found.sorted(by: { (sizes[$1], Self.mixed($0)) < (sizes[$0], Self.mixed($1)) }) {
            let home = reaches[root] == .first ? 0 : loads.indices.min { loads[$0] < loads[$1] } ?? 0
            homes[root] = home
            loads[home] += sizes[root]
        }
        var shared: Set<MatterID> = []
        var parts = [Part](repeating: Part(share: .all), count: count)
        for part in parts.indices { parts[part].facts.reserveCapacity(facts.count / count) }
        for (fact, root) in zip(facts, roots) {
            if let home = homes[root] {
                parts[home].facts.append(fact)
                continue
            }
            for part in parts.indices { parts[part].facts.append(fact) }
            if Reach(fact.matter) == .anywhere { shared.insert(fact.matter) }
        }
        for part in parts.indices.dropFirst() { parts[part].share = .own(shared: shared) }
        return [parts[0]] + parts.indices.dropFirst().filter { loads[$0] > 0 }.map { parts[$0] }
    }

    /// In no order that a history could have: where every tenth complaint is late, no part gets all of these.
    private static func mixed(_ number: Int) -> UInt64 { UInt64(number) &* 0x9E37_79B9_7F4A_7C15 }

    // MARK: What belongs together

    /// What a fact has in common with others, as hashes: two that are the same by chance only come into one part.
    private struct Tie: Sendable {
        let home: Int
        /// Where it is another than its home.
        let matter: Int?
        let event: Int
        /// The events that it waits for or speaks about.
        let awaited: Int?
        let target: Int?
        let reach: Int

        init(_ fact: Fact, _ policy: Policy) {
            let home = policy.home(of: fact)
            self.home = Self.hash(0, home.text)
            matter = home == fact.matter ? nil : Self.hash(0, fact.matter.text)
            event = Self.hash(1, fact.key.id)
            awaited = fact.matter.awaitedEvent.map { Self.hash(1, $0) }
            target = fact.text("targetId").map { Self.hash(1, $0) }
            let widest = max(Self.reach(of: fact, home, policy), Self.reach(of: fact, fact.matter, policy))
            reach = widest.rawValue
        }

        private static func reach(of fact: Fact, _ matter: MatterID, _ policy: Policy) -> Reach {
            let reach = Reach(matter)
            return reach == .anywhere && matter.type != nil && policy.passesOn(fact) ? .first : reach
        }

        /// `space` holds matters and events apart.
        private static func hash(_ space: Int, _ text: String) -> Int {
            var hasher = Hasher()
            hasher.combine(space)
            hasher.combine(text)
            return hasher.finalize()
        }
    }

    private static let chunk = 8_000

    /// Those of all facts, in their order and in chunks; worked out on all processors.
    private static func ties(_ facts: ArraySlice<Fact>, _ policy: Policy) async -> [[Tie]] {
        let starts = Array(stride(from: facts.startIndex, to: facts.endIndex, by: chunk))
        return await withTaskGroup(of: (Int, [Tie]).self) { group in
            for (index, start) in starts.enumerated() {
                group.addTask {
                    (index, facts[start..<min(start + chunk, facts.endIndex)].map { Tie($0, policy) })
                }
            }
            return await group.reduce(into: [[Tie]](repeating: [], count: starts.count)) { $0[$1.0] = $1.1 }
        }
    }

    private mutating func place(_ tie: Tie) -> Int {
        let place = number(of: tie.home)
        for other in [tie.matter, tie.event, tie.awaited, tie.target] {
            if let other { join(place, number(of: other)) }
        }
        let root = root(place)
        reaches[root] = max(reaches[root], Reach(rawValue: tie.reach) ?? .everywhere)
        return place
    }

    private mutating func number(of hash: Int) -> Int {
        if let known = places[hash] { return known }
        places[hash] = parents.count
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

    private mutating func join(_ left: Int, _ right: Int) {
        let (left, right) = (root(left), root(right))
        if left == right { return }
        // The lower number stays, so that the result does not depend on anything but the facts.
        parents[max(left, right)] = min(left, right)
        reaches[min(left, right)] = max(reaches[left], reaches[right])
    }
}
