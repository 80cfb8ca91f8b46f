import Duty
import Hummingbird
import Storage

/// Which entries of the ledger somebody asks for.
struct LedgerFilter {
    let fine: MatterID?
    let person: PersonRef?
    /// Entries from this moment on.
    let from: Instant?
    /// Entries before this moment.
    let until: Instant?

    /// Nil if `from` or `to` is neither a date nor an RFC 3339 time; a date `to` is the last day.
    init?(_ request: Request) {
        let parameters = request.uri.queryParameters
        func text(_ name: Substring) -> String? {
            parameters[name].flatMap { $0.isEmpty ? nil : String($0) }
        }
        fine = text("fine").map { $0.contains("/") ? MatterID($0) : MatterID(type: .fine, number: $0) }
        person = text("person").map { PersonRef($0) }
        from = text("from").flatMap { CivilDate($0)?.start ?? Instant(rfc3339: $0) }
        until = text("to").flatMap { CivilDate($0)?.next.start ?? Instant(rfc3339: $0) }
        guard (from != nil) == (text("from") != nil), (until != nil) == (text("to") != nil) else {
            return nil
        }
    }

    /// Everything that counts for how things stand at the end of the range.
    func reaches(_ entry: LedgerEntry) -> Bool {
        (person == nil || entry.posting.person == person) && until.map { entry.at < $0 } ?? true
    }

    func shows(_ entry: LedgerEntry) -> Bool { reaches(entry) && from.map { $0 <= entry.at } ?? true }
}
