import Duty

/// Splits a history into parts that have nothing to do with each other.
///
/// Events belong together that name the same matter, enterprise, park or event. What only the rules link, such as the
/// duty of one leader for several enterprises, shows once the parts have run: then two of them hold the same matter.
struct ReplayPartition {
    private var names: [String: Int] = [:]
    private var parents: [Int] = []

    /// The facts in at most `count` parts of about the same size, each in the order in which they stand; nil where
    /// they cannot be split.
    static func parts(_ facts: ArraySlice<Fact>, _ policy: Policy, count: Int) -> [[Fact]]? {
        guard count > 1, facts.count >= count, !facts.contains(where: reachesAll) else { return nil }
        var partition = ReplayPartition()
        let places = facts.map { partition.place(of: $0, policy) }
        let roots = places.map { partition.root($0) }
        var sizes: [Int: Int] = [:]
        for root in roots { sizes[root, default: 0] += 1 }
        guard sizes.count > 1 else { return nil }
        var loads = [Int](repeating: 0, count: count)
        var parts: [Int: Int] = [:]
        for (root, size) in sizes.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            let part = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            loads[part] += size
            parts[root] = part
        }
        var result = [[Fact]](repeating: [], count: count)
        for (fact, root) in zip(facts, roots) { result[parts[root] ?? 0].append(fact) }
        return result.filter { !$0.isEmpty }
    }

    /// A calendar counts for everybody, and a correction can say that an event was about somebody else.
    private static func reachesAll(_ fact: Fact) -> Bool {
        switch fact.kind {
        case .calendarPublished: true
        case .recordCorrected:
            (fact.data["patch"]?.members ?? []).contains { member in
                links.contains { member.name.hasPrefix($0) } || member.name == "scope"
            }
        default: false
        }
    }

    /// Fields that name an enterprise or a park.
    private static let links = ["enterpriseId", "mergedInto", "parkId"]

    private mutating func place(of fact: Fact, _ policy: Policy) -> Int {
        let place = number("matter " + policy.home(of: fact).text)
        join(place, number("matter " + fact.matter.text))
        join(place, number("event " + fact.key.id))
        if let awaited = fact.matter.awaitedEvent { join(place, number("event " + awaited)) }
        if let enterprise = fact.enterprise { join(place, number("matter enterprise/" + enterprise.text)) }
        for name in ["enterpriseId", "mergedInto"] {
            if let text = fact.text(name) { join(place, number("matter enterprise/" + text)) }
        }
        if let park = fact.text("parkId") { join(place, number("matter park/" + park)) }
        if let target = fact.text("targetId") { join(place, number("event " + target)) }
        return place
    }

    private mutating func number(_ name: String) -> Int {
        if let known = names[name] { return known }
        names[name] = parents.count
        parents.append(parents.count)
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
        // The lower number stays, so that the result does not depend on anything but the facts.
        if left != right { parents[max(left, right)] = min(left, right) }
    }
}
