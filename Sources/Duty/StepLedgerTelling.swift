/// Who hears of the shares of a fine: each person of their own alone, and somebody of what nobody bears.
extension Stepper {
    /// Each person hears their own share each time it has changed.
    mutating func tellShares(_ target: AllocationTarget) {
        guard case .allocation(let rule)? = context.policy.rule(target.rule)?.body else { return }
        for index in result.state.posted.indices {
            if result.state.posted[index].person == nil {
                tellHeld(rule, target, index)
            } else {
                tellShare(rule, target, index)
            }
        }
    }

    private mutating func tellShare(_ rule: AllocationRule, _ target: AllocationTarget, _ index: Int) {
        let posted = result.state.posted[index]
        guard let person = posted.person else { return }
        let isFirst = posted.toldAmount == nil
        guard isFirst ? posted.amount != .zero : posted.toldAmount != posted.amount else { return }
        // Whoever bears nothing any more hears it of the enterprise that the share was of.
        if posted.amount == .zero, let departure = context.departure { subject = departure.from }
        defer { subject = context.enterprise }
        let key = sendShare(
            isFirst ? rule.postedCode : rule.adjustedCode,
            stage: "share." + posted.role.text,
            target,
            Recipient(person: person, role: posted.role),
            values(posted, target)
        )
        guard key != nil else { return }
        result.state.posted[index].toldAmount = posted.amount
        result.state.posted[index].toldFine = target.amount ?? posted.toldFine
    }

    /// The amount of the fine is told only where it has changed: the share can also follow a new decision, a late
    /// entry in the roster or a voided record.
    private func values(_ posted: MatterState.Posted, _ target: AllocationTarget) -> [Value.Member] {
        var values = [
            Value.Member("shareFen", .integer(posted.amount.amount)),
            Value.Member("document", .string(context.policy.document)),
        ]
        if let office = context.policy.keyRoles.office {
            values.append(Value.Member("officeName", .string(roleName(office))))
        }
        guard let old = posted.toldAmount else { return values }
        values.append(Value.Member("oldShareFen", .integer(old.amount)))
        values.append(Value.Member("differenceFen", .integer((posted.amount - old).amount)))
        if let fine = target.amount, let oldFine = posted.toldFine, fine != oldFine {
            values.append(Value.Member("oldFineFen", .integer(oldFine.amount)))
            values.append(Value.Member("fineFen", .integer(fine.amount)))
        }
        return values
    }

    // MARK: What nobody bears

    private mutating func tellHeld(_ rule: AllocationRule, _ target: AllocationTarget, _ index: Int) {
        let posted = result.state.posted[index]
        guard posted.amount != posted.toldAmount ?? .zero else { return }
        result.state.posted[index].toldAmount = posted.amount
        let concerned =
            posted.amount == .zero
            ? []
            : context.resolver.people(
                for: rule.heldRole,
                enterprise: context.enterprise,
                opening: nil,
                at: now
            )
        takeBackHeld(rule, target, posted.role, except: concerned)
        for recipient in concerned {
            let key = sendShare(
                rule.heldCode,
                stage: "held." + posted.role.text,
                target,
                recipient,
                [
                    Value.Member("heldFen", .integer(posted.amount.amount)),
                    Value.Member("heldRole", .string(posted.role.text)),
                    Value.Member("heldRoleName", .string(roleName(posted.role))),
                ]
            )
            if let key {
                rememberHeld(recipient, key, target, posted.role)
            } else {
                result.state.posted[index].toldAmount = posted.toldAmount
            }
        }
    }

    /// Those who heard of a held part that is no more, or is somebody else's business now, hear that too.
    private mutating func takeBackHeld(
        _ rule: AllocationRule,
        _ target: AllocationTarget,
        _ role: RoleID,
        except concerned: [Recipient]
    ) {
        let key = heldKey(target, role)
        for index in result.state.told.indices {
            let told = result.state.told[index]
            guard told.obligation == key, !told.isClosed,
                !concerned.contains(where: { $0.person == told.recipient.person })
            else { continue }
            let taken = sendShare(
                rule.releasedCode,
                stage: "held." + role.text,
                target,
                told.recipient,
                [Value.Member("reason", target.isFilled(role) ? "assigned" : "corrected")],
                withdraws: told.key
            )
            result.state.told[index].isClosed = taken != nil
        }
    }

    private mutating func rememberHeld(
        _ recipient: Recipient,
        _ key: String,
        _ target: AllocationTarget,
        _ role: RoleID
    ) {
        let obligation = heldKey(target, role)
        result.state.told.removeAll {
            $0.obligation == obligation && $0.recipient.person == recipient.person
        }
        result.state.told.append(
            MatterState.Told(
                obligation: obligation,
                recipient: recipient,
                messageClass: .personal,
                rung: 0,
                isAlarm: false,
                turn: 1,
                isClosed: false,
                dueAt: nil,
                key: key
            )
        )
    }

    /// The role in the words of the policy.
    private func roleName(_ role: RoleID) -> String { context.policy.roles[role]?.name ?? role.text }

    private func heldKey(_ target: AllocationTarget, _ role: RoleID) -> ObligationKey {
        ObligationKey(rule: target.rule, cycle: 1, subject: "held." + role.text)
    }

    /// The count of entries so far makes the stage, and with it the key, unlike any before.
    private mutating func sendShare(
        _ code: String,
        stage: String,
        _ target: AllocationTarget,
        _ recipient: Recipient,
        _ values: [Value.Member],
        withdraws: String? = nil
    ) -> String? {
        let sheet = Sheet(
            code: code,
            rule: target.rule,
            article: target.article,
            cycle: 1,
            subject: "",
            dueAt: nil
        )
        let number = "\(stage).r\(target.revision).e\(result.state.entryKeys.count)"
        return send(
            sheet,
            stage: number,
            turn: 1,
            to: recipient,
            .personal,
            urgency: 2,
            withdraws: withdraws,
            values: values
        )
    }
}
