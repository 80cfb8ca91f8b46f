import Duty

/// The ledger in words, from what the interface answers.
struct LedgerReport {
    private let language: LocaleOption

    init(_ language: LocaleOption) { self.language = language }

    // MARK: The ledger

    func ledger(_ value: Value) -> String {
        let entries = value["entries"]?.array ?? []
        let balances = value["balances"]?.array ?? []
        var text = value["fine"].map { fine($0) + "\n" } ?? ""
        if entries.isEmpty { text += word("没有分录", "no entries") + "\n" }
        if !entries.isEmpty { text += table(entries) }
        if !balances.isEmpty { text += "\n" + self.balances(balances) }
        if value["fine"] != nil { text += accounts(value["accounts"]?.array ?? []) }
        return text
    }

    private func word(_ chinese: String, _ english: String) -> String { language.choose(chinese, english) }

    /// What the fine's own record says.
    private func fine(_ fine: Value) -> String {
        guard let amount = fine["amountFen"]?.integer else {
            return word("没有这笔罚款的有效记录", "there is no record of this fine in force")
        }
        var parts = [
            word("罚款 ", "fine ") + plain(fine["fineId"]) + " " + Fen(amount).money,
            word("修订 ", "revision ") + number(fine["revision"]),
        ]
        if fine["underReview"]?.bool == true { parts.append(word("复议中", "under review")) }
        if let awaited = fine["awaitedRevision"]?.integer {
            parts.append(word("后面的修订在等修订 \(awaited)", "later revisions wait for revision \(awaited)"))
        }
        return parts.joined(separator: word(",", ", "))
    }

    private func table(_ entries: [Value]) -> String {
        var table = TextTable(
            language.isChinese
                ? ["序号", "时间", "罚款", "修订", "种类", "人员", "角色", "金额", "余额", "认定"]
                : [
                    "no.", "time", "fine", "revision", "kind", "person", "role", "amount", "balance",
                    "decision",
                ],
            numbers: [0, 3, 7, 8]
        )
        for entry in entries {
            table.add([
                number(entry["seq"]), time(entry["ts"]), plain(entry["fineId"]), number(entry["revision"]),
                kind(entry), plain(entry["personRef"]), plain(entry["role"]), money(entry["amountFen"]),
                money(entry["balanceAfterFen"]), plain(entry["decisionId"]),
            ])
        }
        return table.text
    }

    private func balances(_ balances: [Value]) -> String {
        var table = TextTable(
            language.isChinese
                ? ["罚款", "人员", "角色", "应承担", "已履行", "应退还", "尚待履行"]
                : ["fine", "person", "role", "share", "settled", "due back", "outstanding"],
            numbers: [3, 4, 5, 6]
        )
        for balance in balances {
            let person = balance["personRef"]?.string ?? word("(未落人)", "(nobody yet)")
            table.add([plain(balance["fineId"]), person, plain(balance["role"])] + amounts(balance))
        }
        return table.text
    }

    private func accounts(_ accounts: [Value]) -> String {
        guard !accounts.isEmpty else { return "" }
        var table = TextTable(
            language.isChinese ? ["科目", "余额"] : ["account", "balance"],
            numbers: [1]
        )
        for account in accounts { table.add([name(account), money(account["balanceFen"])]) }
        let total = accounts.map { Fen($0["balanceFen"]?.integer ?? 0) }.sum
        table.add([word("试算合计", "trial balance"), total.money])
        return "\n" + table.text
    }

    private func name(_ account: Value) -> String {
        guard !language.isChinese, let kind = account["kind"]?.string else {
            return plain(account["account"])
        }
        let words = [
            "liability": "liability", "held": "held", "shares": "shares", "settled": "settled",
            "refundDue": "due back",
        ]
        let holder = plain(account["holder"])
        return (words[kind] ?? kind) + (holder.isEmpty ? "" : "/" + holder)
    }

    // MARK: One person

    func statement(_ value: Value) -> String {
        let fines = value["fines"]?.array ?? []
        var text = word("责任分担对账单 ", "Statement of shares: ") + plain(value["personRef"]) + "\n"
        text += word("截至 ", "as of ") + time(value["at"]) + "\n"
        text +=
            word(
                "本单是内部责任记录,不是缴款通知;罚款只由被处罚企业依法缴入国库。",
                "An internal record of responsibility, not a bill: the fine itself is settled with the treasury by the "
                    + "enterprise that was fined, and by nobody else."
            ) + "\n"
        for fine in fines { text += "\n" + self.section(fine) }
        if fines.isEmpty { text += "\n" + word("没有分录", "no entries") + "\n" }
        if fines.count > 1 { text += "\n" + word("合计  ", "total  ") + sums(fines) + "\n" }
        return text
            + "\n" + word("如有异议可向作出认定的单位反映。", "You may object to those who decided on the cause.") + "\n"
    }

    private func section(_ fine: Value) -> String {
        var table = TextTable(
            language.isChinese
                ? ["时间", "修订", "种类", "角色", "金额", "余额", "认定"]
                : ["time", "revision", "kind", "role", "amount", "balance", "decision"],
            numbers: [1, 4, 5]
        )
        for entry in fine["entries"]?.array ?? [] {
            table.add([
                time(entry["ts"]), number(entry["revision"]), kind(entry), plain(entry["role"]),
                money(entry["amountFen"]), money(entry["balanceAfterFen"]), plain(entry["decisionId"]),
            ])
        }
        return word("罚款 ", "fine ") + plain(fine["fineId"]) + "\n" + table.text + sums([fine]) + "\n"
    }

    private func sums(_ fines: [Value]) -> String {
        let names =
            language.isChinese
            ? ["应承担", "已履行", "应退还", "尚待履行"] : ["share", "settled", "due back", "outstanding"]
        return zip(names, Self.figures.map { name in fines.map { Fen($0[name]?.integer ?? 0) }.sum.money })
            .map { $0 + " " + $1 }.joined(separator: word(",", ", "))
    }

    // MARK: Cells

    private static let figures = ["amountFen", "settledFen", "refundDueFen", "outstandingFen"]

    private func amounts(_ value: Value) -> [String] { Self.figures.map { money(value[$0]) } }

    private func money(_ value: Value?) -> String { Fen(value?.integer ?? 0).money }
    private func number(_ value: Value?) -> String { String(value?.integer ?? 0) }
    private func plain(_ value: Value?) -> String { TextTable.printable(value?.string ?? "") }
    private func time(_ value: Value?) -> String {
        value?.string.flatMap { Instant(rfc3339: $0)?.local } ?? ""
    }

    private func kind(_ entry: Value) -> String {
        let text = plain(entry["kind"])
        return LedgerPosting.Kind(rawValue: text).map(words) ?? text
    }

    private func words(_ kind: LedgerPosting.Kind) -> String {
        switch kind {
        case .allocate: word("分担", "share")
        case .adjust: word("调整", "adjustment")
        case .reverse: word("冲销", "reversal")
        case .hold: word("待落人", "held")
        case .release: word("已落人", "released")
        case .settle: word("履行", "settled")
        case .refund: word("退还", "given back")
        case .refundDue: word("应退还", "due back")
        }
    }
}
