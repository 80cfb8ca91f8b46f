import Duty
import Storage
import Testing

@testable import Console

/// What the lists of the API hold, page by page, and what they keep to themselves.
@Suite struct APIListTests {
    private static let noon = Sample.noon

    @Test func pagesCoverEverythingOnce() async throws {
        try await TestConsole.with { console in
            for number in 1...7 {
                let due = Self.noon + .minutes(Int64(number * 10 - 35))
                try await console.add(MatterID(type: .complaint, number: "CP-\(number)"), due: due)
            }
            for (path, name, expected) in [
                ("/api/v1/matters?state=running", "matters", [4, 5, 6, 7]),
                ("/api/v1/matters?state=overdue", "matters", [3, 2, 1]),
                ("/api/v1/matters?type=complaint", "matters", [7, 6, 5, 4, 3, 2, 1]),
                ("/api/v1/matters?q=CP-3", "matters", [3]),
                ("/api/v1/deadlines?state=all", "deadlines", [1, 2, 3, 4, 5, 6, 7]),
            ] {
                var found: [String] = []
                var next: String? = ""
                while let after = next {
                    let answer = try await console.ask(
                        "\(path)&limit=2" + (after.isEmpty ? "" : "&after=\(after)")
                    )
                    #expect(answer.status == 200, "\(answer.body)")
                    let rows = answer.value[name]?.array ?? []
                    #expect(rows.count <= 2)
                    found += rows.compactMap { $0["id"]?.string }
                    next = answer.value["next"]?.string
                    guard found.count <= 7 else { break }
                }
                #expect(found == expected.map { "complaint/CP-\($0)" }, "\(path)")
            }
        }
    }

    @Test func alertsAndTheJournalArePagedToo() async throws {
        try await TestConsole.with { console in
            for number in 1...5 {
                try await console.add(MatterID(type: .complaint, number: "CP-\(number)"), due: Self.noon)
            }
            for (path, name) in [("/api/v1/alerts", "alerts"), ("/api/v1/journal", "records")] {
                var found: [String] = []
                var query: String? = "?limit=2"
                while let more = query {
                    let answer = try await console.ask(path + more)
                    found += (answer.value[name]?.array ?? []).compactMap { $0["matter"]?.string }
                    query = answer.value["next"]?.string.map { "?limit=2&before=" + $0 }
                    guard found.count <= 5 else { break }
                }
                #expect(found == (1...5).reversed().map { "complaint/CP-\($0)" }, "\(path)")
            }
        }
    }

    @Test func aRowSaysHowMuchIsLeftAndWhoseItIs() async throws {
        try await TestConsole.with { console in
            try await console.add("complaint/CP-1", due: Self.noon + .seconds(90))
            try await console.add("complaint/CP-2", due: Self.noon - Span(microseconds: 1))
            let running = try await console.ask("/api/v1/deadlines?state=running").value["deadlines"]?.array?
                .first
            #expect(running?["leftSeconds"]?.integer == 90 && running?["state"]?.string == "running")
            #expect(running?["ownerRefs"]?.array == ["P-1032"])
            #expect(running?["clocks"]?.array?.first?["ruleId"]?.string == "A22.response")
            #expect(running?.at(path: "lastNotice.recipient.personRef")?.string == "P-1032")
            let overdue = try await console.ask("/api/v1/deadlines?state=overdue").value["deadlines"]?.array?
                .first
            #expect(overdue?["leftSeconds"]?.integer == -1 && overdue?["state"]?.string == "overdue")
        }
    }

    @Test func noAnswerHasAName() async throws {
        try await TestConsole.with { console in
            try await console.add("complaint/CP-1", due: Self.noon + .minutes(5))
            for operation in APIOperations.all where operation.method == .get && operation.id != "stream" {
                let path = operation.path.replacing("{type}", with: "complaint").replacing(
                    "{number}",
                    with: "CP-1"
                )
                for name in Premises.names.values {
                    #expect(try await !console.ask(path).body.contains(name), "\(path)")
                }
            }
        }
    }

    @Test func aDayHasWhatIsDueOnIt() async throws {
        try await TestConsole.with { console in
            let today = CivilDate(Self.noon)
            for (number, due) in [
                (1, today.start), (2, today.next.start), (3, today.next.start + .minutes(1)),
            ] {
                try await console.add(MatterID(type: .complaint, number: "CP-\(number)"), due: due)
            }
            for (query, expected) in [
                ("day=\(today)", [2]), ("from=\(today.next)", [3]), ("to=\(today)", [1, 2]),
                ("from=\(today)&to=\(today.next)", [2, 3]), ("from=0001-01-01&to=9999-12-31", [1, 2, 3]),
            ] {
                let rows = try await console.ask("/api/v1/deadlines?" + query).value["deadlines"]?.array ?? []
                #expect(
                    rows.compactMap { $0["id"]?.string } == expected.map { "complaint/CP-\($0)" },
                    "\(query)"
                )
            }
        }
    }

    @Test func theRosterHasWhoServesNowAndNobodyElse() async throws {
        try await TestConsole.with { console in
            for number in 1...5 {
                try await console.assign("P-\(number % 2)", to: "E-\(number)", from: "2026-01-01", until: nil)
                try await console.assign("P-9", to: "E-\(number)", from: "2026-01-01", until: "2026-02-01")
            }
            func served(_ query: String) async throws -> (pairs: [String], next: String?) {
                let value = try await console.ask("/api/v1/roster?" + query).value
                let pairs = (value["assignments"]?.array ?? []).map { row in
                    "\(row["enterpriseId"]?.string ?? "-") \(row["personRef"]?.string ?? "-")"
                }
                return (pairs, value["next"]?.string)
            }
            let everybody = ["E-1 P-1", "E-2 P-0", "E-3 P-1", "E-4 P-0", "E-5 P-1"]
            let whole = try await served("limit=10")
            #expect(whole.pairs == everybody && whole.next == nil)
            var found: [String] = []
            var more = ""
            repeat {
                let page = try await served("limit=2" + more)
                found += page.pairs
                more = page.next.map { "&after=" + $0 } ?? ""
            } while !more.isEmpty && found.count < 9
            #expect(found == everybody)
            #expect(try await served("person=P-0").pairs == ["E-2 P-0", "E-4 P-0"])
            #expect(try await served("person=P-9").pairs.isEmpty)
            #expect(try await served("enterprise=E-3").pairs == ["E-3 P-1"])
            #expect(try await served("enterprise=E-3&person=P-0").pairs.isEmpty)
        }
    }

    // MARK: Restricted matters

    @Test func aRestrictedMatterShowsItsNumberAndItsLimitsAlone() async throws {
        try await TestConsole.with { console in
            let rule = try #require(console.policy.rules.first { $0.isRestricted && $0.isClock })
            let due = Self.noon + .minutes(10)
            try await console.add(
                "clue/CL-7",
                rule: rule.id,
                article: rule.article,
                due: due,
                enterprise: "E-SECRET"
            )
            let paths = [
                "/api/v1/matters", "/api/v1/matters/clue/CL-7", "/api/v1/deadlines", "/api/v1/alerts",
            ]
            for path in paths {
                let hidden = try await console.ask(path, token: TestConsole.token(.viewer))
                #expect(hidden.status == 200 && hidden.body.contains("clue/CL-7"), "\(path): \(hidden.body)")
                #expect(
                    hidden.body.contains(due.rfc3339) && hidden.body.contains("\"restricted\":true"),
                    "\(path)"
                )
                for word in [rule.id.text, "E-SECRET", "P-1032", rule.title, "N10"] {
                    #expect(!hidden.body.contains(word), "\(path) shows \(word)")
                }
                let seen = try await console.ask(path, token: Premises.disciplineToken)
                #expect(
                    seen.body.contains(rule.id.text) && !seen.body.contains("\"restricted\":true"),
                    "\(path)"
                )
            }
            let journal = try await console.ask("/api/v1/journal", token: TestConsole.token(.supervisor))
            #expect(journal.body.contains("clue/CL-7") && journal.body.contains("deadline.started"))
            #expect(!journal.body.contains(rule.id.text) && !journal.body.contains("E-SECRET"))
        }
    }

    // MARK: What is wrong

    @Test(arguments: [
        ("/api/v1/matters?limit=0", "limit"), ("/api/v1/matters?limit=201", "limit"),
        ("/api/v1/matters?limit=many", "limit"), ("/api/v1/matters?state=late", "state"),
        ("/api/v1/matters?type=letter", "type"), ("/api/v1/matters?article=x", "article"),
        ("/api/v1/matters?after=x", "after"), ("/api/v1/matters?after=%FF", "after"),
        ("/api/v1/matters?owner=P-1", "owner"), ("/api/v1/matters?limit=1&limit=2", "limit"),
        ("/api/v1/deadlines?day=2026-02-30", "day"),
        ("/api/v1/deadlines?day=2026-11-23&to=2026-11-24", "day"),
        ("/api/v1/deadlines?from=2026-11-24&to=2026-11-23", "to"),
        ("/api/v1/deadlines?state=closed", "state"),
        ("/api/v1/alerts?only=bad", "only"), ("/api/v1/alerts?before=1", "before"),
        ("/api/v1/roster?after=1", "after"), ("/api/v1/rates?day=2026-11-23", "day"),
    ])
    func aBadParameterIsNamed(_ path: String, _ name: String) async throws {
        try await TestConsole.with { console in
            let answer = try await console.ask(path)
            #expect(answer.status == 400, "\(answer.body)")
            #expect(answer.value["detail"]?.string?.hasPrefix(name + ": ") == true, "\(answer.body)")
            #expect(answer.value["error"]?.string?.hasSuffix("Parameter") == true)
        }
    }

    @Test func thePlaceInOneListIsRefusedByAnother() async throws {
        try await TestConsole.with { console in
            for number in 1...3 {
                let id = MatterID(type: .complaint, number: "CP-\(number)")
                try await console.add(id, due: Self.noon + .minutes(5))
            }
            let page = try await console.ask("/api/v1/matters?state=running&limit=1").value
            let next = try #require(page["next"]?.string)
            #expect(try await console.ask("/api/v1/matters?state=running&after=\(next)").status == 200)
            for path in [
                "/api/v1/matters?state=overdue", "/api/v1/matters?x", "/api/v1/deadlines?state=running",
            ] {
                #expect(try await console.ask("\(path)&after=\(next)").status == 400, "\(path)")
            }
        }
    }
}
