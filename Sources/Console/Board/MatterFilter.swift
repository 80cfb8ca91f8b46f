import Duty
import Storage

/// What somebody looks for among the matters, on the page and over the API alike.
struct MatterFilter: Sendable {
    /// `complaint/CP-1` names its type; `CP-1` is looked for in all of them.
    var number: String?
    var type: MatterType?
    var state = MatterQuery.State.all
    /// An enterprise's number, or a part of its name.
    var enterprise: String?
    /// Who serves: a reference, or a part of a name.
    var person: String?
    var article: Int?
}

extension BoardReader {
    /// The query for the store, and whether the person that is looked for serves anybody.
    func query(
        _ filter: MatterFilter,
        _ policy: Policy
    ) async throws -> (query: MatterQuery, knowsPerson: Bool) {
        var query = MatterQuery()
        query.state = filter.state
        if let type = filter.type { query.types = [type] }
        if let number = filter.number { Self.read(number: number, &query) }
        if let article = filter.article {
            query.rules = Set(policy.rules.filter { $0.article == article }.map(\.id))
            // No other type of matter can have one of its rules, and most have none.
            let types = MatterType.allCases.filter { type in
                policy.rules(in: type).contains { $0.article == article }
            }
            let asked = query.types.isEmpty ? types : query.types.filter(types.contains)
            if asked.isEmpty { query.enterprises = [] } else { query.types = asked }
        }
        if let name = filter.enterprise { query.enterprises = try await enterprises(named: name) }
        guard let name = filter.person else { return (query, true) }
        let people = try await people(named: name)
        let served = Set(people.flatMap(\.enterprises))
        query.enterprises = (query.enterprises.map { served.intersection($0) } ?? served).sorted()
        return (query, !people.isEmpty)
    }

    private static func read(number: String, _ query: inout MatterQuery) {
        let matter = MatterID(number)
        if let type = matter.type, number.contains("/") {
            query.types = [type]
            query.number = matter.number
        } else {
            query.number = number
        }
    }

    private func enterprises(named text: String) async throws -> [EnterpriseID] {
        let id = EnterpriseID(text)
        if try await enterprises.enterprises([id])[id]?.isRegistered == true { return [id] }
        let found = try await enterprises.all().filter { $0.value.name?.contains(text) == true }.keys.sorted()
        return found.isEmpty ? [id] : Array(found.prefix(200))
    }

    private func people(
        named text: String
    ) async throws -> [(person: PersonRef, enterprises: [EnterpriseID])] {
        var served: [PersonRef: [EnterpriseID]] = [:]
        var isMeant: [PersonRef: Bool] = [:]
        let now = clock.now()
        for (id, enterprise) in try await enterprises.all() {
            for person in Set(enterprise.roster.serving(at: now).map(\.person)) {
                let isOne = isMeant[person] ?? (person.text == text || name(person)?.contains(text) == true)
                isMeant[person] = isOne
                if isOne { served[person, default: []].append(id) }
            }
        }
        return served.map { ($0.key, $0.value) }
    }
}
