import Duty

/// How far the open matters have been looked at by the calendar in force.
///
/// Kept with the commits that look at them, so that a crash in the middle of a million goes on where it was.
package struct CalendarSweep: Sendable, Hashable {
    /// The calendar's name.
    package let revision: String
    /// The last matter that was looked at, in the order of ids; nil before the first.
    package var after: MatterID?
    package var isDone: Bool

    package init(revision: String, after: MatterID? = nil, isDone: Bool = false) {
        self.revision = revision
        self.after = after
        self.isDone = isDone
    }

    /// Whether a matter was last worked out by an older calendar, as far as is known.
    package func isAhead(of matter: MatterID) -> Bool {
        guard !isDone, let after else { return !isDone }
        // The store's order of texts is that of their bytes.
        return after.text.utf8.lexicographicallyPrecedes(matter.text.utf8)
    }
}

/// Open matters among some that follow each other in the order of ids.
package struct OpenMatters: Sendable, Hashable {
    package let open: [MatterID]
    /// The last of all that were looked at, open or not; nil if there was none.
    package let last: MatterID?

    package init(open: [MatterID], last: MatterID?) {
        self.open = open
        self.last = last
    }
}

enum CalendarSweepCodec {
    static func encode(_ sweep: CalendarSweep) -> [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.object { writer in
            writer.member("revision", sweep.revision)
            writer.member("after", optional: sweep.after?.text)
            writer.member("done", sweep.isDone)
        }
        return writer.bytes
    }

    static func decode(_ bytes: [UInt8]) throws -> CalendarSweep {
        let value = try JSONReader.decode(bytes)
        return CalendarSweep(
            revision: try value.needText("revision"),
            after: value["after"]?.string.map { MatterID($0) },
            isDone: value["done"]?.bool ?? false
        )
    }
}
