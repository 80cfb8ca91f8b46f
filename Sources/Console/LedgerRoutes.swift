import Duty
import Hummingbird
import Storage

/// The ledger of shares: an internal record of who answers for what.
extension ConsoleServer {
    /// Answers `GET /api/v1/ledger?fine=FN-2026-0007&person=P-1032&from=2026-11-01&to=2026-11-30`.
    ///
    /// Balances and accounts are those at the end of the range.
    func ledger(_ request: Request) async throws -> Response {
        guard let filter = LedgerFilter(request) else { return Self.badRange }
        let known = try await backend.store.ledger(fine: filter.fine).filter(filter.reaches)
        let postings = known.map(\.posting)
        var members = [
            Value.Member("entries", .array(known.filter(filter.shows).map(Self.value))),
            Value.Member("balances", .array(LedgerBalance.all(postings).map(Self.value))),
            Value.Member("accounts", .array(Self.accounts(postings))),
        ]
        if let fine = filter.fine { members.append(Value.Member("fine", try await record(of: fine))) }
        return Self.json(.ok, .object(members))
    }

    /// A person's statement is for that person, and for whose work the ledger is.
    func ownStatement(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        let principal = context.principal
        let person = request.uri.queryParameters["person"].map { PersonRef(String($0)) }
        guard
            principal?.may(.readLedger) == true
                || person.map({ principal?.maySee(shareOf: $0) == true }) == true
        else { return AccessMiddleware.wrongRole(principal?.role, .readLedger) }
        return try await statement(request)
    }

    private static let badRange = problem(
        .badRequest,
        "badRange",
        "from and to are dates YYYY-MM-DD or RFC 3339 times with an offset"
    )

    private static func value(_ entry: LedgerEntry) -> Value {
        let posting = entry.posting
        let (debit, credit) = posting.booking
        return .object([
            Value.Member("entryId", .string(posting.entryID)), Value.Member("seq", .integer(entry.sequence)),
            Value.Member("ts", .string(entry.at.rfc3339)),
            Value.Member("fineId", .string(posting.fine.number)),
            Value.Member("revision", .integer(posting.revision)),
            Value.Member("kind", .string(posting.kind.rawValue)),
            Value.Member("personRef", posting.person.map { .string($0.text) } ?? .null),
            Value.Member("role", .string(posting.role.text)),
            Value.Member("amountFen", .integer(posting.amount.amount)),
            Value.Member("balanceAfterFen", .integer(posting.balanceAfter.amount)),
            Value.Member("debit", .string(debit.name)), Value.Member("credit", .string(credit.name)),
            Value.Member("decisionId", .string(posting.decisionID)),
            Value.Member("rosterSnapshotId", .string(posting.rosterSnapshot.joined(separator: ","))),
            Value.Member("ruleVersion", .string(entry.ruleVersion)),
            Value.Member("basis", .string(entry.basis)),
            Value.Member("causeEventId", posting.cause.map { .string($0.id) } ?? .null),
            Value.Member("prevHash", .string(entry.previousHash)), Value.Member("hash", .string(entry.hash)),
        ])
    }

    private static func value(_ balance: LedgerBalance) -> Value {
        .object(
            [
                Value.Member("fineId", .string(balance.fine.number)),
                Value.Member("role", .string(balance.roles.map(\.text).joined(separator: ","))),
                Value.Member("personRef", balance.person.map { .string($0.text) } ?? .null),
            ] + amounts(balance)
        )
    }

    private static func amounts(_ balance: LedgerBalance) -> [Value.Member] {
        [
            Value.Member("amountFen", .integer(balance.share.amount)),
            Value.Member("settledFen", .integer(balance.settled.amount)),
            Value.Member("refundDueFen", .integer(balance.refundDue.amount)),
            Value.Member("outstandingFen", .integer(balance.outstanding.amount)),
        ]
    }

    /// The trial balance of each fine.
    private static func accounts(_ postings: [LedgerPosting]) -> [Value] {
        let fines = Dictionary(grouping: postings, by: \.fine).sorted { $0.key < $1.key }
        return fines.flatMap { fine, postings in
            TrialBalance(postings).accounts.sorted { $0.key < $1.key }.map { account, balance in
                .object([
                    Value.Member("fineId", .string(fine.number)),
                    Value.Member("account", .string(account.name)),
                    Value.Member("kind", .string(account.kind.rawValue)),
                    Value.Member("holder", .string(account.holder)),
                    Value.Member("balanceFen", .integer(balance.amount)),
                ])
            }
        }
    }

    /// What the fine's own record says; null for a fine that is not known, or was voided.
    private func record(of fine: MatterID) async throws -> Value {
        let facts = FactHistory.effective(try await backend.store.matters([fine]).first?.facts ?? [])
        guard let issued = facts.first(where: { $0.kind == .fineIssued }) else { return .null }
        let record = FineRecord(issued: issued, facts: facts)
        return .object([
            Value.Member("fineId", .string(fine.number)),
            Value.Member("amountFen", .integer(record.stage.amount.amount)),
            Value.Member("revision", .integer(record.stage.revision)),
            Value.Member("underReview", .bool(record.review != nil)),
            Value.Member("awaitedRevision", record.awaitedRevision.map { .integer($0) } ?? .null),
        ])
    }

    // MARK: One person

    /// Answers `GET /api/v1/ledger/statement?person=P-1032`: what concerns that person, and no trace of anybody
    /// else, not even in a list of who was asked.
    func statement(_ request: Request) async throws -> Response {
        guard let filter = LedgerFilter(request) else { return Self.badRange }
        guard let person = filter.person else {
            return Self.problem(.badRequest, "noPerson", "a statement is for one person: ?person=…")
        }
        let known = try await backend.store.ledger(fine: filter.fine).filter(filter.reaches)
        let fines = LedgerBalance.all(known.map(\.posting)).map { balance in
            Value.object(
                [
                    Value.Member("fineId", .string(balance.fine.number)),
                    Value.Member("role", .string(balance.roles.map(\.text).joined(separator: ","))),
                ] + Self.amounts(balance) + [
                    Value.Member(
                        "entries",
                        .array(
                            known.filter { $0.posting.fine == balance.fine && filter.shows($0) }
                                .map(Self.line)
                        )
                    )
                ]
            )
        }
        return Self.json(
            .ok,
            .object([
                Value.Member("personRef", .string(person.text)),
                Value.Member("at", .string(backend.clock.now().rfc3339)),
                Value.Member("document", .string(backend.document)), Value.Member("fines", .array(fines)),
            ])
        )
    }

    /// An entry without what it says of others and of the chain.
    private static func line(_ entry: LedgerEntry) -> Value {
        let posting = entry.posting
        return .object([
            Value.Member("ts", .string(entry.at.rfc3339)),
            Value.Member("revision", .integer(posting.revision)),
            Value.Member("kind", .string(posting.kind.rawValue)),
            Value.Member("role", .string(posting.role.text)),
            Value.Member("amountFen", .integer(posting.amount.amount)),
            Value.Member("balanceAfterFen", .integer(posting.balanceAfter.amount)),
            Value.Member("decisionId", .string(posting.decisionID)),
            Value.Member("basis", .string(entry.basis)),
        ])
    }
}
