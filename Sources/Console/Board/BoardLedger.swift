import Duty
import Storage

/// Who bears what of which fine: everything for those whose work it is, and for everybody else their own alone.
extension BoardRoutes {
    /// So many fines stand on the page, the latest first; the API has all of them.
    private static let fines = 100

    func ledgerPage(_ view: BoardView, _ query: BoardQuery) async throws -> Content {
        let words = view.words
        let seesAll = view.principal.may(.readLedger)
        let fine = query["fine"].map { MatterID(type: .fine, number: $0) }
        let entries = try await entries(fine, ofAll: seesAll)
        let balances = LedgerBalance.all(entries.map(\.posting)).filter { balance in
            seesAll || balance.person.map { view.principal.maySee(shareOf: $0) } ?? false
        }
        let byFine = Dictionary(grouping: balances, by: \.fine)
        let latest = Dictionary(entries.map { ($0.posting.fine, $0.sequence) }) { max($0, $1) }
        let shown = byFine.keys.sorted { (latest[$0] ?? 0, $0) > (latest[$1] ?? 0, $1) }.prefix(Self.fines)
        var fields: [String: Any] = [
            "hint": seesAll
                ? words(
                    "内部责任分担记录,不代替罚款缴纳;个人份额请勿外传。",
                    "An internal record of who answers for what. Single shares are not to be passed on."
                )
                : words("这里只显示您本人的份额。", "Only your own share is shown here."),
            "empty": words("没有分担记录。", "Nothing is on record."),
            "fines": shown.map { fine -> [String: Any] in
                [
                    "title": words("罚款 ", "Fine ") + fine.number,
                    "heads": [
                        words("谁", "Who"), words("份额", "Share"), words("已履行", "Settled"),
                        words("未履行", "Outstanding"),
                    ],
                    "headShare": words("份额", "Share"), "headPaid": words("已履行", "Settled"),
                    "headOpen": words("未履行", "Outstanding"),
                    "rows": (byFine[fine] ?? []).map { row(view, $0) },
                ]
            },
        ]
        if seesAll, fine == nil {
            let sums = try await reader.store.summary(now: view.now).supervision
            fields["totals"] = [
                "items": [
                    ["label": words("已分担", "Borne by people"), "value": Self.yuan(sums.postedFen)],
                    ["label": words("待定", "Held"), "value": Self.yuan(sums.heldFen)],
                    ["label": words("已履行", "Settled"), "value": Self.yuan(sums.settledFen)],
                ]
            ]
        }
        return Content(template: .ledger, heading: words("责任分担台账", "Ledger of shares"), fields: fields)
    }

    /// Of one fine, of those that the page has room for, or, to find one's own, of all.
    private func entries(_ fine: MatterID?, ofAll seesAll: Bool) async throws -> [LedgerEntry] {
        guard fine == nil, seesAll else { return try await reader.store.ledger(fine: fine) }
        var entries: [LedgerEntry] = []
        for fine in try await reader.store.latestFines(limit: Self.fines) {
            entries += try await reader.store.ledger(fine: fine)
        }
        return entries
    }

    private func row(_ view: BoardView, _ balance: LedgerBalance) -> [String: Any] {
        [
            "who": balance.person.map(view.name) ?? view.words("待定(无人担任)", "held: nobody has the role"),
            "role": balance.roles.map(view.role).joined(separator: view.words("、", ", ")),
            "share": Self.yuan(balance.share.amount), "paid": Self.yuan(balance.settled.amount),
            "open": Self.yuan(balance.outstanding.amount),
        ]
    }

    static func yuan(_ fen: Int64) -> String { "¥" + Fen(fen).yuan }
}
