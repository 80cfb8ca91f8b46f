import Duty
import Storage

/// The calendar in force, and how far the open matters have been looked at by it.
///
/// The calendar is a function of the file and of what `calendar.published` events, with their corrections and
/// voids, have said; the store has both the events and the place that was reached.
struct CalendarBook {
    private var histories: [MatterID: [Fact]] = [:]
    private(set) var isKnown = false
    private(set) var sweep = CalendarSweep(revision: "", isDone: true)
    private var isStored = true

    /// To be read from the store again before it is used.
    mutating func forget() { self = CalendarBook() }

    mutating func learn(_ matters: [StoredMatter], stored: CalendarSweep?, isNew: Bool) {
        for matter in matters { histories[matter.id] = matter.facts }
        isKnown = true
        // What a store without any matter says first, it says by this calendar.
        sweep = stored ?? CalendarSweep(revision: "", isDone: isNew)
        isStored = stored != nil
    }

    mutating func take(_ id: MatterID, _ facts: [Fact]) { histories[id] = facts }

    func calendar(over file: WorkCalendar) -> WorkCalendar {
        file.replacing(PublishedYear.inForce(Array(histories.values)))
    }

    /// Begins at the first matter again if the calendar is another than the matters were looked at by.
    mutating func follow(_ calendar: WorkCalendar) {
        guard sweep.revision != calendar.revision else { return }
        let isFirst = sweep.revision.isEmpty && sweep.isDone
        sweep = CalendarSweep(revision: calendar.revision, isDone: isFirst)
        isStored = false
    }

    mutating func reached(_ last: MatterID?) {
        sweep.after = last ?? sweep.after
        sweep.isDone = last == nil
        isStored = false
    }

    /// Puts the place that was reached into a commit.
    ///
    /// One that is empty otherwise stays so, unless it is made for this.
    mutating func save(into commit: inout Commit, evenAlone: Bool = false) {
        guard !isStored, evenAlone || !commit.isEmpty else { return }
        commit.calendarSweep = sweep
        isStored = true
    }

    var isToBeDone: Bool { !sweep.isDone || !isStored }
}

/// How far a changed calendar has come.
package struct CalendarProgress: Sendable {
    package let revision: String
    /// Open matters that were looked at now.
    package let looked: Int
    /// False where there was nothing to be looked at, as in a store that is new.
    package let isNews: Bool
    package let isDone: Bool
}

extension Processor {
    /// Most rows that one turn reads, however few of them are open.
    private static let pagesPerTurn = 20

    /// Reads from the store what the calendar in force depends on, once.
    mutating func learnCalendar() async throws {
        guard !calendars.isKnown else { return }
        let published = try await store.matters(try await store.matterIDs(of: .calendar))
        let stored = try await store.calendarSweep()
        let isNew = try await store.openMatters(after: nil, limit: 1).last == nil
        calendars.learn(published, stored: stored, isNew: isNew)
        applyCalendar()
    }

    /// Takes what was reported of a calendar; nothing else is reported in its matter.
    mutating func take(calendar id: MatterID, _ facts: [Fact]) {
        calendars.take(id, facts)
        applyCalendar()
    }

    private mutating func applyCalendar() {
        book.calendar = calendars.calendar(over: book.fileCalendar)
        calendars.follow(book.calendar)
        rules?.replace(book)
    }

    /// The next open matters that have not been looked at by the calendar in force; nil if all have.
    ///
    /// A matter whose dates stay as they are is not written, and nobody hears of it.
    mutating func prepareSweep(
        limit: Int,
        now: Instant
    ) async throws -> (prepared: Prepared, progress: CalendarProgress)? {
        try await learnCalendar()
        guard calendars.isToBeDone else { return nil }
        let isNews = !calendars.sweep.isDone
        var page = OpenMatters(open: [], last: nil)
        for _ in 0..<Self.pagesPerTurn where page.open.isEmpty && !calendars.sweep.isDone {
            page = try await store.openMatters(after: calendars.sweep.after, limit: limit)
            if page.open.isEmpty { calendars.reached(page.last) }
        }
        var prepared = try await prepare(wakeUps: page.open.map { WakeUp(matter: $0, at: now) }, now: now)
        if !page.open.isEmpty { calendars.reached(page.last) }
        calendars.save(into: &prepared.commit, evenAlone: true)
        let sweep = calendars.sweep
        let progress = CalendarProgress(
            revision: sweep.revision,
            looked: page.open.count,
            isNews: isNews,
            isDone: sweep.isDone
        )
        return (prepared, progress)
    }

    /// A step with what the calendar adds to it, most of all while the matter may still know an older one.
    func stepped(
        _ matter: StoredMatter,
        _ derivation: Derivation,
        _ context: StepContext,
        isAlone: Bool,
        now: Instant
    ) -> StepResult {
        var result = step(derivation, matter.state, context, now: now)
        if context.former != nil {
            result.follow(.policy, derivation, context, before: matter.state, isAlone: isAlone, now: now)
        } else if calendars.sweep.isAhead(of: matter.id) {
            result.follow(.calendar, derivation, context, before: matter.state, isAlone: isAlone, now: now)
        }
        result.markProvisional(derivation)
        return result
    }
}
