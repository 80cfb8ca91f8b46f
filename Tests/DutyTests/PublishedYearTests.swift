import Duty
import Testing

/// Calendars that events publish, on top of the one from the file.
@Suite struct PublishedYearTests {
    private let file = CalendarTests.calendar
    private let november = clock("2026-11-06T10:00:00+08:00")

    private func notice(
        _ id: String,
        year: Int64 = 2027,
        revision: Int64 = 1,
        off: [String],
        working: [String] = [],
        after days: Int64 = 0
    ) -> Fact {
        Town.fact(
            .calendarPublished,
            id,
            at: november + .days(days),
            of: String(year),
            [
                "year": .integer(year), "revision": .integer(revision), "docNo": "国办发明电〔2026〕8号",
                "offDays": .array(off.map { .string($0) }),
                "makeupWorkdays": .array(working.map { .string($0) }),
            ]
        )
    }

    private func calendar(_ facts: Fact...) -> WorkCalendar {
        file.replacing(PublishedYear.inForce([facts]))
    }

    private func works(_ calendar: WorkCalendar, _ text: String) throws -> Bool {
        calendar.isWorkingDay(try #require(CivilDate(text)))
    }

    @Test func `A published year is known and works as its notice says`() throws {
        let new = calendar(notice("a", off: ["2027-01-01", "2027-01-04"], working: ["2027-01-09"]))
        #expect(try !works(new, "2027-01-01") && !works(new, "2027-01-04"))
        #expect(try works(new, "2027-01-09") && works(new, "2027-05-03"))
        // What the statute would have given counts no more.
        #expect(try works(new, "2027-10-01") && !works(file, "2027-10-01"))
        #expect(new.knownYears == [2023, 2024, 2025, 2026, 2027])
        #expect(try works(new, "2026-10-10") && !works(new, "2026-10-01"))
    }

    @Test func `The highest revision counts, in whatever order they come`() throws {
        let first = notice("a", revision: 1, off: ["2027-01-04"])
        let second = notice("b", revision: 2, off: ["2027-01-05"], after: -3)
        for new in [calendar(first, second), calendar(second, first)] {
            #expect(try works(new, "2027-01-04") && !works(new, "2027-01-05"))
        }
        let again = notice("c", revision: 2, off: ["2027-01-06"], after: 1)
        for new in [calendar(second, again, first), calendar(again, first, second)] {
            #expect(try works(new, "2027-01-05") && !works(new, "2027-01-06"))
        }
    }

    @Test func `A notice replaces the file's year and keeps its names`() throws {
        let new = calendar(notice("a", year: 2026, revision: 2, off: ["2026-10-01", "2026-10-09"]))
        #expect(try works(new, "2026-10-02") && !works(new, "2026-10-09") && !works(new, "2026-10-10"))
        #expect(new.offDays[try #require(CivilDate("2026-10-01"))] == "国庆节")
        #expect(new.offDays[try #require(CivilDate("2026-10-09"))] == "")
        #expect(try !works(new, "2025-10-01"))
    }

    @Test func `A correction and a void of a notice count`() throws {
        let first = notice("a", revision: 1, off: ["2027-01-04"])
        let second = notice("b", revision: 2, off: ["2027-01-05"])
        let corrected = calendar(
            first,
            second,
            Town.correction("c", of: "b", .calendarPublished, at: november, ["offDays": ["2027-01-06"]])
        )
        #expect(try works(corrected, "2027-01-05") && !works(corrected, "2027-01-06"))
        let refused = Town.correction(
            "c",
            of: "b",
            .calendarPublished,
            at: november,
            ["offDays": ["2028-01-06"]]
        )
        #expect(try !works(calendar(first, second, refused), "2027-01-05"))
        let voided = calendar(first, second, Town.void("v", of: "b", .calendarPublished, at: november))
        #expect(try !works(voided, "2027-01-04") && works(voided, "2027-01-05"))
        let none = calendar(first, Town.void("v", of: "a", .calendarPublished, at: november))
        #expect(none == file)
    }

    @Test func `Calendars of other days have other names, and the same days the same`() {
        let first = calendar(notice("a", off: ["2027-01-04", "2027-01-05"]))
        #expect(first.revision.hasPrefix("notices+2027r1."))
        #expect(calendar(notice("b", off: ["2027-01-05", "2027-01-04"])).revision == first.revision)
        #expect(calendar(notice("a", off: ["2027-01-04"])).revision != first.revision)
        let moved = notice("a", off: ["2027-01-04"], working: ["2027-01-05"])
        #expect(calendar(moved).revision != calendar(notice("a", off: ["2027-01-04"])).revision)
    }

    @Test(arguments: [
        ("offDays", "2027-02-30", "data.offDays[0] is no date YYYY-MM-DD"),
        ("makeupWorkdays", "2026-12-31", "data.makeupWorkdays[0] is not in 2027"),
        ("makeupWorkdays", "2027-01-01", "data.makeupWorkdays[0] is given twice"),
    ])
    func `A notice with days that cannot be is refused`(_ field: String, _ day: String, _ said: String) {
        var data: Value = [
            "year": 2027, "revision": 1, "docNo": "x", "offDays": ["2027-01-01"], "makeupWorkdays": [],
        ]
        data = data.setting(path: field, to: [.string(day)])
        let event = CloudEvent(
            attributes: [
                "specversion": "1.0", "id": "a", "source": "/desk",
                "type": EventKind.calendarPublished.typeName,
            ],
            data: data
        )
        let refusal = #expect(throws: EventRejection.self) {
            try EventValidation.fact(event, receivedAt: november)
        }
        #expect(refusal?.reason == .illTypedField && refusal?.detail == said)
    }
}
