/// Facts that one matter has because of another: who is linked to an enterprise is known in the enterprise's
/// matter, and counts in the leader's duty.
///
/// A reflection is derived like everything else. When it is no longer derived, its fact is voided.
extension Deriver {
    func reflections(_ rule: Rule) -> [Fact] {
        switch rule.body {
        case .recurring(let recurring) where matter.type == .enterprise:
            return links(recurring) + calls(recurring)
        case .recurring(let recurring) where matter.type == .visit: return visits(recurring)
        case .recurring(let recurring) where matter.type != .duty: return published(recurring)
        case .recurring(let recurring) where recurring.holds(matter): return misplaced(recurring)
        case .practice(let practice): return gathered(rule, practice)
        default: return []
        }
    }

    /// What a reflected fact comes from and where it goes; its own key says both.
    private func reflect(
        _ fact: Fact,
        _ kind: EventKind,
        to target: MatterID,
        at: Instant,
        enterprise: EnterpriseID? = nil,
        _ data: Value
    ) -> Fact {
        let content = ContentHash.short(JSONWriter.encode(data))
        return Fact(
            key: EventKey(source: Fact.reflectionSource, id: "\(fact.key.id)>\(target)#\(content)"),
            kind: kind,
            matter: target,
            enterprise: enterprise,
            time: at,
            receivedAt: fact.receivedAt,
            classification: fact.classification,
            data: data
        )
    }

    // MARK: Links

    private func links(_ recurring: RecurringRule) -> [Fact] {
        guard case .linked(let role, _) = recurring.owner else { return [] }
        return facts.filter {
            $0.kind == .rosterAssigned && $0.text("role") == role.text && $0.data["backup"]?.bool != true
        }.compactMap { fact in
            guard let assignment = assignment(fact) else { return nil }
            let until = [assignment.until, enterprise.end?.at].compactMap { $0 }.min()
            guard until.map({ $0 > assignment.from }) ?? true else { return nil }
            var members: [Value.Member] = [
                Value.Member("assignmentId", .string(assignment.id)),
                Value.Member("personRef", .string(assignment.person.text)),
                Value.Member("role", .string(role.text)),
                Value.Member("scope", ["enterpriseId": .string(matter.number)]),
                Value.Member("from", .string(assignment.from.rfc3339)),
            ]
            if let until { members.append(Value.Member("to", .string(until.rfc3339))) }
            if let name = enterprise.shortName {
                members.append(Value.Member("enterpriseName", .string(name)))
            }
            return reflect(
                fact,
                .rosterAssigned,
                to: recurring.matter(of: assignment.person.text),
                at: fact.at,
                .object(members)
            )
        }
    }

    /// Records of the duty that were corrected to somebody else.
    private func misplaced(_ recurring: RecurringRule) -> [Fact] {
        facts.filter { $0.kind == .dutyPerformed && !isHere($0, recurring) }.map {
            reflect($0, $0.kind, to: recurring.matter(of: $0.performer), at: $0.at, $0.data)
        }
    }

    /// What was published elsewhere and counts as the duty.
    private func published(_ recurring: RecurringRule) -> [Fact] {
        guard let pattern = recurring.published, recurring.owner == .shared else { return [] }
        return facts.filter { matches($0, pattern) }.map { fact in
            reflect(
                fact,
                .dutyPerformed,
                to: recurring.matter(of: ""),
                at: fact.at,
                [
                    "dutyCode": .string(recurring.code), "performedAt": .string(fact.at.rfc3339),
                    "orgUnit": "-", "year": fact.data["year"] ?? .null, "proofRef": .string(matter.text),
                ]
            )
        }
    }

    // MARK: Visits

    /// The end of a leader's visit, for the enterprise: who is linked to it, and since when, is known there.
    private func visits(_ recurring: RecurringRule) -> [Fact] {
        guard let pattern = recurring.visits, case .linked = recurring.owner,
            let plan = latestPlan(pattern), let ended = facts.first(where: { $0.kind == .visitEnded })
        else { return [] }
        var members: [Value.Member] = [
            Value.Member("visitId", .string(matter.number)),
            Value.Member("dutyCode", .string(recurring.code)),
            Value.Member("enterpriseId", .string(enterprise.id.text)),
            Value.Member("at", .string(ended.at.rfc3339)),
        ]
        // The visit may say which of several leaders came.
        if let person = ended.text("actor.personRef") ?? plan.text("actor.personRef") {
            members.append(Value.Member("personRef", .string(person)))
        }
        let target = MatterID(type: .enterprise, number: enterprise.id.text)
        return [
            reflect(ended, ended.kind, to: target, at: ended.at, enterprise: enterprise.id, .object(members))
        ]
    }

    /// What visits that have ended mean for the duties of the enterprise's leaders.
    private func calls(_ recurring: RecurringRule) -> [Fact] {
        guard case .linked(let role, _) = recurring.owner else { return [] }
        let visits = facts.filter {
            $0.kind == .visitEnded && $0.isReflected && $0.text("dutyCode") == recurring.code
        }
        return visits.flatMap { visit in
            let linked = enterprise.roster.holders(of: role, at: visit.at, backups: false)
            let named = visit.text("personRef")
            return linked.filter { named == nil || $0.text == named }.map { leader in
                reflect(
                    visit,
                    .dutyPerformed,
                    to: recurring.matter(of: leader.text),
                    at: visit.at,
                    [
                        "dutyCode": .string(recurring.code), "performedAt": .string(visit.at.rfc3339),
                        "personRef": .string(leader.text), "enterpriseId": .string(enterprise.id.text),
                        "proofRef": .string("visit/" + (visit.text("visitId") ?? "")),
                    ]
                )
            }
        }
    }

    // MARK: Gatherings

    private func gathered(_ rule: Rule, _ practice: PracticeRule) -> [Fact] {
        let number = practice.range == .county ? rule.id.text : rule.id.text + "." + enterprise.id.text
        let target = MatterID(type: .gathering, number: number)
        if facts.contains(where: { $0.kind == .visitCancelled }) { return [] }
        if matter.type == .enterprise, enterprise.end != nil { return [] }
        let plan = facts.contains { $0.kind == .visitPlanned } ? latestPlan(FactPattern(.visitPlanned)) : nil
        return facts.filter { fact in
            matches(fact, practice.facts) && isInForce(fact)
                && (fact.kind != .visitPlanned || fact.key == plan?.key)
        }.map { fact in
            reflect(
                fact,
                fact.kind,
                to: target,
                at: fact.at,
                enterprise: practice.range == .enterprise ? enterprise.id : nil,
                fact.data
            )
        }
    }
}

extension Fact {
    /// The source of facts that the daemon itself passes from one matter to another.
    package static let reflectionSource = "dutyclock"
    package var isReflected: Bool { key.source == Fact.reflectionSource }
}
