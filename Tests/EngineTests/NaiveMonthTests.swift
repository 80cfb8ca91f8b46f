import Duty
import Engine
import Storage
import Testing

/// A month of complaints and cases, late, out of order, corrected and voided: what the store keeps with its commits is what
/// somebody counts who only reads the reports.
@Suite struct NaiveMonthTests {
    private static let enterprises = ["E-1", "E-2", "E-3"]
    private static let begin = local("2026-11-01 00:00")
    private static let days = 31
    private static let names = [
        "response", "responseMedian", "responseP90", "solution", "responded", "solved", "satisfied",
        "reported", "closedInTime", "late", "reopened", "composite", "firstOffences", "fines", "fineAmount",
    ]
    /// How things stand at the end; no day has one of its own.
    private static let ofNow = ["arrears", "arrearsAmount", "arrearsAge", "attributions", "shares"]

    @Test(arguments: [1, 2, 3] as [UInt64]) func keptFiguresAreThoseOfTheNaiveModel(
        _ seed: UInt64
    ) async throws {
        var month = RandomMonth(seed: seed, enterprises: Self.enterprises, begin: Self.begin)
        let matters = try (0..<180).map { try month.matter($0) }
        let end = local("2026-12-01 09:17")
        try await World.county(at: "2026-10-30 08:00") { world in
            for number in Self.enterprises {
                try await world.live(
                    try County.enterprise(number, since: "2026-10-30 09:00", linked: ["linked"])
                )
            }
            let arriving = matters.flatMap { $0 }.filter { $0.receivedAt <= end }
                .sorted { ($0.receivedAt, $0.key.id) < ($1.receivedAt, $1.key.id) }
            try await world.live(arriving)
            try await world.advance(to: end)
            let known = matters.map { $0.filter { $0.receivedAt <= end } }
            let assigned = Self.enterprises.map { _ in local("2026-10-30 09:00") }
            try await compare(world, NaiveMonth(known, now: end, assigned: assigned))
        }
    }

    private func compare(_ world: World, _ naive: NaiveMonth) async throws {
        let first = CivilDate(Self.begin).adding(days: -1)
        let last = first.adding(days: Self.days + 6)
        let totals = try await world.store.statistics(now: world.clock.now()).supervision
        let month = try await world.store.figures(from: first, through: last)
        let today = CivilDate(world.clock.now())
        var seen = 0
        for name in Self.ofNow {
            let rate = try #require(world.book.current.rates.first { $0.name == name })
            same(rate.value(totals, on: today), naive.figure(name), name)
            #expect(rate.isOfNow && naive.figure(name).part > 0, "\(name): a month without any says nothing")
        }
        for name in Self.names {
            let rate = try #require(world.book.current.rates.first { $0.name == name })
            // The officers were assigned on the day before.
            let span = name == "closedInTime" || name == "late" ? totals : month
            for (kept, expected) in [(totals, naive.figure(name)), (span, naive.figure(name))] {
                same(rate.value(kept, on: today), expected, "\(name), all days")
                #expect(kept.clock(rate.rules).lateIngest == expected.late, "\(name), late events")
            }
            for offset in 0..<Self.days + 7 {
                let day = first.adding(days: offset)
                let kept = try await world.store.figures(from: day, through: day)
                let expected = naive.figure(name, on: day.dayNumber)
                same(rate.value(kept, on: today), expected, "\(name) on \(day)")
                #expect(kept.clock(rate.rules).lateIngest == expected.late, "\(name) on \(day), late events")
                if expected.whole > 0 { seen += 1 }
            }
            #expect(
                naive.figure(name).whole + naive.figure(name).part > 0,
                "\(name): a month without one case says nothing"
            )
        }
        #expect(seen > 100)
        #expect(naive.figure("response").late > 0 && naive.lines.contains { $0.phase == "dropped" })
        let waiting = try await world.store.waiting()
        #expect(
            Dictionary(uniqueKeysWithValues: waiting.map { ($0.key.dayNumber, $0.value) }) == naive.waiting
        )
        #expect(!naive.waiting.isEmpty)
    }

    private func same(
        _ kept: Figures.Rate,
        _ expected: (part: Int64, whole: Int64, late: Int64),
        _ place: String
    ) {
        // Sums of fractions may be rounded either way.
        let isComposite = expected.whole == 10_000 && kept.whole == 10_000
        #expect(
            kept == Figures.Rate(part: expected.part, whole: expected.whole)
                || (isComposite && abs(kept.part - expected.part) <= 1),
            "\(place)"
        )
    }
}

/// Reports of a month as no author would think of them.
private struct RandomMonth {
    private var random: SeededGenerator
    private let enterprises: [String]
    private let begin: Instant
    private var count = 0
    private var used: Set<Int64> = []

    init(seed: UInt64, enterprises: [String], begin: Instant) {
        random = SeededGenerator(seed: seed)
        self.enterprises = enterprises
        self.begin = begin
    }

    private mutating func below(_ limit: Int64) -> Int64 { Int64.random(in: 0..<limit, using: &random) }
    private mutating func chance(_ percent: Int64) -> Bool { below(100) < percent }

    /// No two things of one matter happen in the same second.
    private mutating func moment(_ second: Int64) -> Instant {
        var second = max(0, second)
        while !used.insert(second).inserted { second += 1 }
        return begin + .seconds(second)
    }

    /// Most reports come at once, the others up to days late, so that they overtake each other.
    private mutating func late() -> Span {
        chance(60) ? .zero : .seconds(below(chance(60) ? 5_400 : 200_000))
    }

    private mutating func report(
        _ kind: EventKind,
        _ number: String,
        _ second: Int64,
        _ enterprise: String,
        _ more: KeyValuePairs<String, Value> = [:]
    ) throws -> Fact {
        count += 1
        let at = moment(second)
        return try Event.fact(
            kind,
            "r\(count)",
            of: number,
            at: at,
            received: at + late(),
            enterprise: enterprise,
            more
        )
    }

    mutating func matter(_ index: Int) throws -> [Fact] {
        used = []
        let enterprise = enterprises[index % enterprises.count]
        let start = below(30 * 86_400)
        let reports =
            switch index % 10 {
            case 4, 9: try openedCase("CS-\(index)", start, enterprise)
            case 3: try arrears("CP-\(index)", start, enterprise)
            case 8: try fine("FN-\(index)", start, enterprise)
            default: try complaint("CP-\(index)", start, enterprise)
            }
        return reports + (try amendments(reports, enterprise))
    }

    private mutating func complaint(_ number: String, _ start: Int64, _ enterprise: String) throws -> [Fact] {
        var reports = [try report(.complaintFiled, number, start, enterprise)]
        var second = start
        for _ in 0..<below(7) {
            second += below(chance(50) ? 2_400 : 100_000) - (chance(10) ? 4_000 : 0)
            reports.append(try step(number, second, enterprise))
        }
        return reports
    }

    private mutating func step(_ number: String, _ second: Int64, _ enterprise: String) throws -> Fact {
        switch below(14) {
        case 0..<5:
            let role = chance(80) ? "park.staff" : "dept.contact"
            return try report(
                .complaintResponded,
                number,
                second,
                enterprise,
                ["by": ["personRef": "staff", "role": .string(role)], "auto": .bool(chance(15))]
            )
        case 5..<7:
            return try report(
                .complaintSolutionProposed,
                number,
                second,
                enterprise,
                ["planRef": "D-1", "responsibleUnit": "供电公司"]
            )
        case 7..<10:
            let outcome = chance(70) ? "done" : "rejected"
            return try report(.complaintResolved, number, second, enterprise, ["outcome": .string(outcome)])
        case 10:
            return try report(.complaintWithdrawn, number, second, enterprise, ["by": "enterprise"])
        case 11:
            return try report(
                .complaintReopened,
                number,
                second,
                enterprise,
                ["reason": "notSolved", "cycle": 2]
            )
        default:
            let satisfaction = 1 + below(5)
            return try report(
                .complaintRated,
                number,
                second,
                enterprise,
                ["solved": .bool(chance(60)), "satisfaction": .integer(satisfaction)]
            )
        }
    }

    private mutating func arrears(_ number: String, _ start: Int64, _ enterprise: String) throws -> [Fact] {
        let amount: Value = .integer(1 + below(9_000_000))
        var reports = [
            try report(.complaintFiled, number, start, enterprise, ["kind": "arrears", "amountFen": amount])
        ]
        var second = start
        for _ in 0..<below(4) {
            second += below(500_000)
            let step: (EventKind, KeyValuePairs<String, Value>) =
                switch below(7) {
                case 0..<4: (.complaintResolved, ["outcome": "done"])
                case 4: (.complaintWithdrawn, ["by": "enterprise"])
                default: (.complaintReopened, ["reason": "notSolved", "cycle": 2])
                }
            reports.append(try report(step.0, number, second, enterprise, step.1))
        }
        return reports
    }

    private mutating func fine(_ number: String, _ start: Int64, _ enterprise: String) throws -> [Fact] {
        func amount(_ fen: Int64) -> Value { .integer(fen) }
        var reports = [
            try report(
                .fineIssued,
                number,
                start,
                enterprise,
                [
                    "deptId": "D-MKT", "amountFen": amount(1 + below(9_000_000)), "currency": "CNY",
                    "revision": 1,
                ]
            )
        ]
        var second = start
        for _ in 0..<below(3) {
            second += below(600_000)
            let role = chance(80) ? "office" : "park.head"
            reports.append(
                try report(
                    .fineAttributed,
                    number,
                    second,
                    enterprise,
                    [
                        "decisionId": .string("AD-\(count)"), "attributable": .bool(chance(75)),
                        "decidedBy": ["personRef": .string(role), "role": .string(role)],
                    ]
                )
            )
        }
        // Now and then a number is missing, and what comes after it waits.
        for revision in 2..<(2 + below(3)) where chance(85) {
            second += below(300_000)
            let isEnd = chance(30)
            let more: KeyValuePairs<String, Value> =
                isEnd
                ? ["revision": .integer(revision), "cause": "litigation"]
                : [
                    "revision": .integer(revision), "amountFen": amount(below(9_000_000)),
                    "cause": "reconsideration",
                ]
            reports.append(try report(isEnd ? .fineRevoked : .fineRevised, number, second, enterprise, more))
        }
        return reports
    }

    private mutating func openedCase(_ number: String, _ start: Int64, _ enterprise: String) throws -> [Fact]
    {
        var reports = [
            try report(
                .caseOpened,
                number,
                start,
                enterprise,
                ["deptId": "D-MKT", "minor": .bool(chance(60)), "first": .bool(chance(60))]
            )
        ]
        for _ in 0..<below(3) {
            let person = chance(70) ? "linked" : "leader"
            reports.append(
                try report(
                    .reportMade,
                    number,
                    start + below(8_000) - 5_000,
                    enterprise,
                    [
                        "reportId": .string("RP-\(count)"), "subjectType": "case",
                        "subjectId": .string(number),
                        "toRole": "county.linked", "toPersonRef": .string(person), "byDept": "D-MKT",
                    ]
                )
            )
        }
        return reports
    }

    /// One report in eight was entered with a wrong time, one in ten should not have been entered at all.
    private mutating func amendments(_ reports: [Fact], _ enterprise: String) throws -> [Fact] {
        var amendments: [Fact] = []
        for target in reports {
            let kind: EventKind? = chance(12) ? .recordCorrected : chance(10) ? .recordVoided : nil
            guard let kind, let field = EventCatalogue.schema(target.kind).timeField else { continue }
            count += 1
            let at = target.receivedAt + .seconds(60 + below(100_000))
            let corrected = moment((target.at - begin).seconds - 60 - below(6_000))
            amendments.append(
                try Event.fact(
                    kind,
                    "r\(count)",
                    at: at,
                    received: at + late(),
                    enterprise: enterprise,
                    kind == .recordVoided
                        ? [
                            "targetId": .string(target.key.id),
                            "targetType": .string(target.kind.rawValue),
                        ]
                        : [
                            "targetId": .string(target.key.id),
                            "targetType": .string(target.kind.rawValue),
                            "patch": .object([Value.Member(field, .string(corrected.rfc3339))]),
                        ]
                )
            )
        }
        return amendments
    }
}
