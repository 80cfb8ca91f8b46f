import Duty

/// The books of the enterprise as a clerk would keep them: who served when, and was it in the park.
struct NaiveBooks {
    private let entries: [NaiveModel.Happening]

    init(_ entries: [NaiveModel.Happening]) { self.entries = entries }

    /// Everybody who held the role at that minute, in the order of their references.
    func holders(_ role: String, _ minute: Int) -> [String] {
        var people: Set<String> = []
        for entry in entries where entry.kind == .rosterAssigned && entry.text("role") == role {
            guard entry.data["backup"] != true, let person = entry.text("personRef"),
                let from = entry.text("from").flatMap(Self.moment), from <= minute
            else { continue }
            let isOver = entries.contains {
                $0.kind == .rosterEnded && $0.text("assignmentId") == entry.text("assignmentId")
                    && $0.minute <= minute
            }
            if !isOver { people.insert(person) }
        }
        return people.sorted()
    }

    func isInPark(at minute: Int) -> Bool {
        guard let registration = entries.first(where: { $0.kind == .enterpriseRegistered }) else {
            return true
        }
        var answer = registration.data["inPark"] == true
        var latest = Int.min
        for entry in entries where entry.kind == .enterpriseUpdated {
            guard let from = entry.text("effectiveFrom").flatMap(Self.moment), from <= minute, from >= latest,
                let flag = entry.data.at(path: "changes.inPark")
            else { continue }
            answer = flag == true
            latest = from
        }
        return answer
    }

    /// The minute at which the enterprise ceased to be, unless it went on in another one.
    var end: Int? {
        let first = entries.first { $0.kind == .enterpriseDeregistered }
        let other = first?.text("reason") == "merged" ? first?.text("mergedInto") : nil
        return other == nil || other == Town.enterpriseID.text ? first?.minute : nil
    }

    // MARK: Days

    /// Minutes from the midnight before the first Monday to the moment from which all minutes count.
    private static let firstMinute = 14 * 60 + 5

    static func day(_ minute: Int) -> Int { Int(Int64(minute + firstMinute).floorDivided(by: 1_440)) }
    static func minute(ofDay day: Int, at minuteOfDay: Int) -> Int { day * 1_440 + minuteOfDay - firstMinute }
    /// 0 is Monday.
    static func weekday(_ day: Int) -> Int { ((day % 7) + 7) % 7 }

    private static func moment(_ text: String) -> Int? {
        if let instant = Instant(rfc3339: text) { return NaiveModel.minute(instant) }
        return Instant(rfc3339: text + "T00:00:00+08:00").map(NaiveModel.minute)
    }
}
