/// Posts the difference between what a fine's facts say and what the ledger holds.
///
/// It posts nothing twice: what is on record is part of the state, which is written together with the entries.
extension Stepper {
    mutating func postAllocation() {
        guard let target = derivation.allocation else { return }
        for want in wanted(target) { post(want.person, want.role, want.amount, target) }
        let causes = settle(target)
        postRefundsDue(target, causes)
        tellShares(target)
    }

    // MARK: Shares

    /// What each line of the ledger has to come to, those that have to come to nothing last.
    private func wanted(_ target: AllocationTarget) -> [(person: PersonRef?, role: RoleID, amount: Fen)] {
        var wanted: [(person: PersonRef?, role: RoleID, amount: Fen)] = []
        for share in target.allocation.shares { wanted.append((share.person, share.role, share.amount)) }
        for held in target.allocation.held { wanted.append((nil, held.role, held.amount)) }
        let gone = result.state.posted.filter { posted in
            !wanted.contains { $0.person == posted.person && $0.role == posted.role }
        }
        for posted in gone.sorted(by: { ($0.role, $0.person?.text ?? "") < ($1.role, $1.person?.text ?? "") })
        {
            wanted.append((posted.person, posted.role, .zero))
        }
        return wanted
    }

    private mutating func post(
        _ person: PersonRef?,
        _ role: RoleID,
        _ amount: Fen,
        _ target: AllocationTarget
    ) {
        let index = result.state.posted.firstIndex { $0.person == person && $0.role == role }
        let before = index.map { result.state.posted[$0].amount } ?? .zero
        guard amount != before || (index == nil && person != nil && target.isAttributed) else { return }
        if let index {
            result.state.posted[index].amount = amount
        } else {
            result.state.posted.append(
                MatterState.Posted(person: person, role: role, amount: amount, toldAmount: nil, toldFine: nil)
            )
        }
        let kind =
            person == nil
            ? heldKind(role, before, amount, target)
            : index == nil ? .allocate : amount == .zero && target.isNothing ? .reverse : .adjust
        append(kind, person, role, amount - before, target, cause: target.cause)
    }

    private func heldKind(
        _ role: RoleID,
        _ before: Fen,
        _ after: Fen,
        _ target: AllocationTarget
    ) -> LedgerPosting.Kind {
        if after > before { return .hold }
        if target.isFilled(role) { return .release }
        return after == .zero && target.isNothing ? .reverse : .adjust
    }

    // MARK: Settlements

    /// Puts settlements on record, and takes back those that were voided or corrected; by person, the event that
    /// changed theirs last.
    private mutating func settle(_ target: AllocationTarget) -> [PersonRef: EventKey] {
        var causes: [PersonRef: EventKey] = [:]
        for settlement in target.settlements {
            let event = settlement.event
            if let known = result.state.settled[event], known.person != settlement.person {
                if settle(event, known.person, .zero, target) { causes[known.person] = event }
            }
            if settle(event, settlement.person, settlement.amount, target) {
                causes[settlement.person] = event
            }
        }
        let present = Set(target.settlements.map(\.event))
        for (event, known) in result.state.settled.sorted(by: { $0.key < $1.key })
        where !present.contains(event) {
            if settle(event, known.person, .zero, target) { causes[known.person] = event }
        }
        return causes
    }

    /// Whether that was news; a counter-entry has the kind of what it takes back.
    private mutating func settle(
        _ event: EventKey,
        _ person: PersonRef,
        _ amount: Fen,
        _ target: AllocationTarget
    ) -> Bool {
        let before = result.state.settled[event].map { $0.person == person ? $0.amount : .zero } ?? .zero
        guard amount != before else { return false }
        result.state.settled[event] =
            amount == .zero ? nil : MatterState.Settled(person: person, amount: amount)
        let isRefund = (amount == .zero ? before : amount) < .zero
        append(
            isRefund ? .refund : .settle,
            person,
            role(of: person, target),
            amount - before,
            target,
            cause: event
        )
        return true
    }

    /// What somebody has settled beyond their share stands apart, as due back to them, until it was given back or
    /// the share has grown.
    private mutating func postRefundsDue(_ target: AllocationTarget, _ causes: [PersonRef: EventKey]) {
        let state = result.state
        let people = Set(state.posted.compactMap(\.person)).union(state.settled.values.map(\.person))
            .union(state.refundDue.keys)
        for person in people.sorted() {
            let due = max(.zero, settled(person) - share(person))
            let before = state.refundDue[person] ?? .zero
            guard due != before else { continue }
            result.state.refundDue[person] = due == .zero ? nil : due
            append(
                .refundDue,
                person,
                role(of: person, target),
                due - before,
                target,
                cause: causes[person] ?? target.cause
            )
        }
    }

    /// The role under which somebody's settlements stand; empty for somebody who never had a share.
    private func role(of person: PersonRef, _ target: AllocationTarget) -> RoleID {
        target.allocation.shares.first { $0.person == person }?.role
            ?? result.state.posted.filter { $0.person == person }.map(\.role).min() ?? ""
    }

    private func share(_ person: PersonRef) -> Fen {
        result.state.posted.filter { $0.person == person }.map(\.amount).sum
    }

    private func settled(_ person: PersonRef) -> Fen {
        result.state.settled.values.filter { $0.person == person }.map(\.amount).sum
    }

    // MARK: Entries

    private func balance(_ person: PersonRef?, _ role: RoleID) -> Fen {
        guard let person else {
            return result.state.posted.filter { $0.person == nil && $0.role == role }.map(\.amount).sum
        }
        return share(person) - settled(person) + (result.state.refundDue[person] ?? .zero)
    }

    private mutating func append(
        _ kind: LedgerPosting.Kind,
        _ person: PersonRef?,
        _ role: RoleID,
        _ amount: Fen,
        _ target: AllocationTarget,
        cause: EventKey?
    ) {
        result.postings.append(
            LedgerPosting(
                entryID: entryID(kind, person?.text ?? role.text, target),
                fine: context.matter,
                revision: target.revision,
                kind: kind,
                person: person,
                role: role,
                amount: amount,
                balanceAfter: balance(person, role),
                decisionID: target.decisionID,
                rosterSnapshot: target.rosterSnapshot,
                cause: cause
            )
        )
        note(kind, person, role, amount, target)
    }

    private mutating func entryID(
        _ kind: LedgerPosting.Kind,
        _ holder: String,
        _ target: AllocationTarget
    ) -> String {
        let parts = [
            context.matter.number, String(target.revision), target.decisionID, holder, kind.rawValue,
        ]
        let base = parts.map(Self.escaped).joined(separator: "|")
        var id = base
        var count = 1
        while !result.state.entryKeys.insert(id).inserted {
            count += 1
            id = base + "#\(count)"
        }
        return id
    }

    private static func escaped(_ part: String) -> String {
        guard part.utf8.contains(where: { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "%") }) else {
            return part
        }
        return part.map { $0 == "|" ? "%7C" : $0 == "%" ? "%25" : String($0) }.joined()
    }

    private mutating func note(
        _ kind: LedgerPosting.Kind,
        _ person: PersonRef?,
        _ role: RoleID,
        _ amount: Fen,
        _ target: AllocationTarget
    ) {
        let action =
            switch kind {
            case .allocate: "allocation.posted"
            case .adjust, .release: "allocation.adjusted"
            case .reverse: "allocation.reversed"
            case .hold: "allocation.held"
            case .settle, .refund, .refundDue: "allocation.settled"
            }
        var fields = [
            Value.Member("revision", .integer(target.revision)),
            Value.Member("decisionId", .string(target.decisionID)),
            Value.Member("entryKind", .string(kind.rawValue)),
            Value.Member("role", .string(role.text)),
            Value.Member("amountFen", .integer(amount.amount)),
        ]
        if let person { fields.append(Value.Member("personRef", .string(person.text))) }
        result.transitions.append(
            Transition(
                action: action,
                rule: target.rule,
                article: target.article,
                cycle: 1,
                at: now,
                fields: .object(fields)
            )
        )
    }
}
