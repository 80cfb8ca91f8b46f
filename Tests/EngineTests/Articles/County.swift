import Duty
import DutyConfig
import Engine
import Testing

/// A county in which every role has somebody of its own, so that a test sees who was told.
enum County {
    static let four: [PersonRef] = ["four-1", "four-2", "four-3", "four-4"]
    static let departments: [PersonRef] = ["D-ENV", "D-MKT", "D-TAX"]

    static let standing: [RoleID: [PersonRef]] = [
        "county.secretary": ["secretary"], "county.deputy": ["deputy"], "county.four": four,
        "park.head": ["parkHead"], "office": ["office"], "dept.head": departments,
        "dept.contact": departments, "hall.window": ["window"], "hall.head": ["hallHead"],
        "discipline": ["discipline"], "discipline.contact": ["clueContact"], "org.dept": ["orgDept"],
        "supplier.power": ["power"], "supplier.water": ["water"], "supplier.gas": ["gas"],
        "benefit.unit": ["benefits"], "arrears.unit": ["arrears"], "justice": ["justice"],
        "labour": ["labour"],
    ]

    static let calendar = CalendarFile.load(path: Shipped.root + "/calendars/cn.yaml").partial
    private static let policyText = PolicyFile.load(path: Shipped.root + "/policy/hengyang-2023-4.yaml")
        .partial?.text
    private static let policy = policyText.flatMap {
        PolicyFile.load(text: $0, fileName: "shipped").partial?.policy
    }

    /// The shipped rules, with other answers to some of the questions and other holders of some roles.
    static func book(
        settings: [String: String] = [:],
        holders: [RoleID: [PersonRef]] = [:]
    ) throws -> RuleBook {
        RuleBook(
            current: try settings.isEmpty ? #require(policy) : policy(settings),
            calendar: try #require(calendar),
            directory: Directory(standing: standing.merging(holders) { _, new in new })
        )
    }

    private static func policy(_ settings: [String: String]) throws -> Policy {
        var lines = try #require(policyText).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
        let start = try #require(lines.firstIndex(of: "settings:"))
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) {
            lines.removeAll { $0.hasPrefix("  \(name): ") }
            lines.insert("  \(name): \(value)", at: start + 1)
        }
        let loaded = PolicyFile.load(text: lines.joined(separator: "\n"), fileName: "changed")
        #expect(loaded.problems.map(\.description) == [])
        return try #require(loaded.partial).policy
    }

    /// An enterprise of the park with a service officer and a park leader, reported early in the year.
    static func enterprise(
        _ number: String = Event.enterprise,
        since time: String = "2026-01-05 10:00",
        linked: [String] = [],
        profile: Fields = ["aboveScale": true, "inNormalProduction": true, "investedByPark": true]
    ) throws -> [Fact] {
        let named: Fields = ["name": .string("厂" + number)]
        var facts = [
            try Event.on(time, .enterpriseRegistered, number, of: number, named + profile),
            try Event.role("staff", "park.staff", time, of: number),
            try Event.role("leader", "park.leader", time, of: number),
        ]
        facts += try linked.map { try Event.role($0, "county.linked", time, of: number) }
        return facts
    }
}
