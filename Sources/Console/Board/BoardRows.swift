import Duty
import Storage

/// Rows of lists, as fields for templates.
extension BoardView {
    /// One row for each matter of a page, with its clocks, its owner and what was last said of it.
    func rows(_ page: MatterPage) async throws -> [[String: Any]] {
        let last = try await reader.store.lastNotifications(of: page.rows.map(\.id))
        let known = try await reader.enterprises.enterprises(page.rows.compactMap(\.enterprise))
        return page.rows.map { row in
            fields(row, last[row.id], row.enterprise.flatMap { known[$0] })
        }
    }

    private func fields(
        _ row: MatterRow,
        _ last: StoredNotification?,
        _ enterprise: Enterprise?
    ) -> [String: Any] {
        let last = last.flatMap { disclosure.hides($0.notification) ? nil : $0 }
        let running = row.state.runningClocks
        let shown = running.first ?? row.state.records.last { !$0.isWithdrawn && $0.kind != "notice" }
        var fields: [String: Any] = [
            "href": path(row.id), "number": label(row.id), "type": row.id.type.map(type) ?? "",
        ]
        let look: (tone: String, mark: String, word: String) =
            running.first.map { urgency(due: $0.dueAt, opened: $0.openedAt) } ?? shown.map(phase)
            ?? ("muted", "○", words("无计时", "No clock"))
        fields["tone"] = look.tone
        fields["mark"] = look.mark
        fields["word"] = look.word
        if let due = running.first?.dueAt {
            fields["due"] = self.due(due)
            fields["dueISO"] = due.rfc3339
            fields["left"] = left(due)
        }
        guard !disclosure.hides(row.id, row.state) else {
            fields["what"] = words("限制查阅", "restricted")
            return fields
        }
        fields["what"] =
            (running.isEmpty ? shown.map { [$0] } ?? [] : running).map { title($0.key.rule) }
            .joined(separator: words("、", "; "))
        fields["enterprise"] = enterprise?.shortName ?? row.enterprise?.text ?? ""
        if running.contains(where: \.isProvisional) {
            fields["provisional"] = words("暂定", "provisional")
        }
        addLast(last, enterprise, to: &fields)
        return fields
    }

    /// Who has to see to a matter: whom its last notice named, else whose work the enterprise is.
    func owners(_ last: StoredNotification?, _ enterprise: Enterprise?) -> [PersonRef] {
        let told = last?.notification
        let refs = told?.values["ownerRefs"]?.array?.compactMap(\.string).map { PersonRef($0) } ?? []
        guard refs.isEmpty else { return refs }
        if let enterprise { return policy.owners(of: enterprise, at: now) }
        guard let told, !told.recipient.isGroup else { return [] }
        return [told.recipient.person]
    }

    private func addLast(
        _ last: StoredNotification?,
        _ enterprise: Enterprise?,
        to fields: inout [String: Any]
    ) {
        let owners = owners(last, enterprise)
        fields["owner"] = owners.isEmpty ? "–" : names(owners)
        guard let last else { return }
        let told = last.notification
        let arrival = arrival(last)
        fields["notice"] = [
            "stage": stage(told.stage), "who": who(told.recipient),
            "tone": arrival.tone, "mark": arrival.mark, "word": arrival.word, "at": date(told.requestedAt),
        ]
    }

    /// `唐某(分管县级领导)`; a group has no role beside its name.
    func who(_ recipient: Recipient) -> String {
        let (name, role) = (name(recipient.person), role(recipient.role))
        return name == role ? name : words("\(name)(\(role))", "\(name) (\(role))")
    }

    // MARK: Rates

    /// A rate of a day beside that of the last thirty, with the numbers that it is made of.
    ///
    /// What waits is what waits now, whenever it will be due.
    func fields(
        _ rate: SupervisorRate,
        today: Figures,
        month: Figures,
        days: [Figures],
        totals: Figures
    ) -> [String: Any] {
        let date = CivilDate(self.now)
        let shown = rate.isOfNow ? totals : today
        let now = rate.value(shown, on: date)
        let long = rate.value(month, on: date)
        let clock = month.clock(rate.rules)
        var fields: [String: Any] = [
            "title": wording(rate.title), "name": rate.name, "value": text(now, rate),
            "month": text(long, rate),
        ]
        if rate.isShare {
            let cases = (now: rate.cases(shown, on: date), long: rate.cases(month, on: date))
            fields["fraction"] = fraction(now, rate, cases.now)
            fields["monthFraction"] = fraction(long, rate, cases.long)
            // Few cases say little; no colour is made of them.
            if let ratio = now.ratio, cases.now >= Self.leastForJudgement {
                let kept = rate.isBetterLow ? 1 - ratio : ratio
                fields["tone"] = kept >= 0.95 ? "good" : kept >= 0.8 ? "soon" : "late"
            }
            if long.whole > 0, cases.long < Self.leastForJudgement {
                fields["small"] = words("样本少", "few cases")
            }
        } else if rate.isTime || rate.unit == .days {
            // Of how many it is the middle, or the end, or the average.
            fields["fraction"] = "n=\(now.whole)"
            fields["monthFraction"] = "n=\(long.whole)"
        } else if rate.isOfWrongs, now.part > 0 {
            fields["tone"] = "late"
        }
        if clock.lateIngest > 0 {
            fields["lateIngest"] = words(
                "另有因事件晚到 \(clock.lateIngest) 件",
                "\(clock.lateIngest) more by late events alone"
            )
        }
        guard !rate.isOfNow else {
            fields["month"] = nil
            return fields
        }
        fields["chart"] =
            DayChart(
                values: days.map { value(rate.value($0, on: date), rate) },
                isShare: rate.isShare,
                isBetterLow: rate.isBetterLow,
                label: wording(rate.title) + ": " + words("近30天", "last 30 days")
            ).svg
        return fields
    }

    /// Below this many, nothing is ranked or coloured.
    static let leastForJudgement: Int64 = 5

    private func text(_ rate: Figures.Rate, _ kind: SupervisorRate) -> String {
        switch kind.unit {
        case .share: rate.percent ?? "–"
        case .count: "\(rate.part)"
        case .minutes: rate.whole > 0 ? words("\(rate.part) 分钟", "\(rate.part) min") : "–"
        case .days: rate.whole > 0 ? words("\(rate.part) 天", "\(rate.part) days") : "–"
        case .fen: "¥" + Fen(rate.part).yuan
        }
    }

    /// What a share is made of; a composite is made of other shares, and has the number of cases of the smallest.
    private func fraction(_ rate: Figures.Rate, _ kind: SupervisorRate, _ cases: Int64) -> String {
        kind.measure == .composite ? "n=\(cases)" : "\(rate.part)/\(rate.whole)"
    }

    /// For the picture of days; amounts in yuan.
    private func value(_ rate: Figures.Rate, _ kind: SupervisorRate) -> Double? {
        switch kind.unit {
        case .share: rate.ratio
        case .minutes, .days: rate.whole == 0 ? nil : Double(rate.part)
        case .count: Double(rate.part)
        case .fen: Double(rate.part) / 100
        }
    }

    /// The days of a band of ages.
    func days(_ band: AgeBand) -> String {
        guard let through = band.through else {
            return words("\(band.from) 天以上", "\(band.from) days and more")
        }
        if through == 0 { return words("当天", "today") }
        return words("\(band.from)—\(through) 天", "\(band.from)–\(through) days")
    }
}

extension Figures.Rate {
    /// `92.3%`, rounded half up; nil of nothing.
    var percent: String? {
        guard whole > 0 else { return nil }
        let permille = (part * 1_000 + whole / 2) / whole
        return "\(permille / 10).\(permille % 10)%"
    }
}
