/// The days of one year as an event has published them.
package struct PublishedYear: Hashable, Sendable {
    package let year: Int
    package let revision: Int64
    package let offDays: Set<CivilDate>
    package let makeupDays: Set<CivilDate>

    /// What a notice says; nil if the fact is none.
    init?(_ fact: Fact) {
        guard fact.kind == .calendarPublished, let year = fact.data["year"]?.integer,
            let revision = fact.data["revision"]?.integer
        else { return nil }
        self.year = Int(year)
        self.revision = revision
        offDays = PublishedYear.days(fact, "offDays")
        makeupDays = PublishedYear.days(fact, "makeupWorkdays")
    }

    /// The notice in force for each year: the one with the highest revision, of two with the same the later.
    ///
    /// `histories` are the facts of each calendar matter, with their corrections and voids.
    package static func inForce(_ histories: [[Fact]]) -> [PublishedYear] {
        var latest: [Int: PublishedYear] = [:]
        for fact in histories.flatMap(FactHistory.effective).sorted(by: Fact.precedes) {
            guard let notice = PublishedYear(fact) else { continue }
            if let known = latest[notice.year], known.revision > notice.revision { continue }
            latest[notice.year] = notice
        }
        return latest.values.sorted { $0.year < $1.year }
    }

    /// Tells this notice from any other: `2027r2.1a2b3c4d`.
    ///
    /// A correction keeps the revision and changes the rest.
    var name: String {
        let days = [offDays, makeupDays].map { $0.sorted().map(\.description).joined(separator: ",") }
        return "\(year)r\(revision)." + ContentHash.short(days.joined(separator: ";"))
    }

    private static func days(_ fact: Fact, _ name: String) -> Set<CivilDate> {
        Set((fact.data[name]?.array ?? []).compactMap { $0.string.flatMap { CivilDate($0) } })
    }
}

extension EventValidation {
    /// The dates of a published calendar are of its year, and none of them is given twice.
    static func checkDays(_ data: Value) throws(EventRejection) {
        let year = data["year"]?.integer ?? 0
        var seen: Set<CivilDate> = []
        for name in ["offDays", "makeupWorkdays"] {
            for (index, item) in (data[name]?.array ?? []).enumerated() {
                guard let date = item.string.flatMap({ CivilDate($0) }) else { continue }
                guard Int64(date.year) == year else {
                    throw EventRejection(
                        .illTypedField,
                        "data.\(name)[\(index)] 不在 \(year) 年",
                        "data.\(name)[\(index)] is not in \(year)"
                    )
                }
                guard seen.insert(date).inserted else {
                    throw EventRejection(
                        .illTypedField,
                        "data.\(name)[\(index)] 重复",
                        "data.\(name)[\(index)] is given twice"
                    )
                }
            }
        }
    }
}
