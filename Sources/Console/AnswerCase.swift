import Duty
import Storage

/// One notification with its matter, and what its recipient can still do about it.
struct AnswerCase: Sendable {
    let notification: StoredNotification
    let matter: StoredMatter
    /// What the matter owes in its present cycle, for the two answers that end a clock; nil where its rules
    /// know no such answer.
    let response: MatterState.Record?
    let solution: MatterState.Record?
    /// What the notification itself is about; nil for news without an obligation.
    let subject: MatterState.Record?
    /// The title of its rule in both languages.
    let titles: Wording?
    /// Until when its link opens; nil where none was followed.
    var expires: Instant?

    init(notification: StoredNotification, matter: StoredMatter, policy: Policy) {
        self.notification = notification
        self.matter = matter
        let records = matter.state.records
        let cycle = records.map(\.key.cycle).max() ?? 1
        func record(_ rules: Set<RuleID>) -> MatterState.Record? {
            records.first { $0.key.cycle == cycle && rules.contains($0.key.rule) }
        }
        let responding = policy.rules(endedBy: .complaintResponded)
        response = record(responding)
        solution = record(policy.rules(endedBy: .complaintSolutionProposed).subtracting(responding))
        let about = notification.notification
        titles = policy.rule(about.rule)?.titles
        subject = records.first {
            $0.key.rule == about.rule && $0.key.cycle == about.cycle && $0.kind != "notice"
        }
    }

    /// Whether nobody owes anything any more: taken back, cancelled or voided.
    var isClosed: Bool {
        let all = [subject, response, solution].compactMap { $0 }
        return !all.isEmpty && all.allSatisfy(\.isOver) && (subject?.isGone ?? false)
    }

    /// Whether the answer is still wanted.
    func offers(_ action: AnswerAction) -> Bool {
        guard fact(action) == nil, !isClosed else { return false }
        switch action {
        case .acknowledge: return notification.acknowledgement == nil && subject?.isOver != true
        case .respond: return response.map { !$0.isOver } ?? false
        case .propose: return solution.map { !$0.isOver } ?? false
        }
    }

    /// The fact that came of the answer to this very notification, once it has counted.
    func fact(_ action: AnswerAction) -> Fact? {
        let key = action.key(notification.notification.key)
        return matter.facts.first { $0.key == key }
    }

    /// The first such fact of the present cycle, whoever it is from; an automatic receipt is none.
    func first(_ kind: EventKind, since record: MatterState.Record) -> Fact? {
        FactHistory.effective(matter.facts).first {
            $0.kind == kind && $0.at >= record.openedAt && $0.data["auto"]?.bool != true
        }
    }
}

extension MatterState.Record {
    /// Done, in time or late.
    var isMet: Bool { metAt != nil }
    /// It is as if it had never been owed, or is owed no longer.
    var isGone: Bool { isWithdrawn || phase == .cancelled || phase == .breachedThenCancelled }
    var isOver: Bool { isMet || isGone }
}

extension Policy {
    /// The deadlines that a fact of this kind ends.
    fileprivate func rules(endedBy kind: EventKind) -> Set<RuleID> {
        Set(
            rules.compactMap { rule in
                guard case .deadline(let deadline) = rule.body,
                    deadline.metBy.contains(where: { $0.kind == kind })
                else { return nil }
                return rule.id
            }
        )
    }
}
