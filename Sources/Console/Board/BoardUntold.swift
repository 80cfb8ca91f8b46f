import Duty
import Engine
import Storage

/// Who was not told of a matter, and why: the other half of who was.
extension BoardRoutes {
    func untold(
        _ view: BoardView,
        _ notifications: [StoredNotification],
        _ matter: StoredMatter,
        _ enterprise: Enterprise?
    ) -> [String: Any]? {
        let steps = reader.untold(matter, notifications, enterprise, at: view.now)
        guard !steps.isEmpty else { return nil }
        return [
            "title": view.words("没有告知谁,为什么", "Who was not told, and why"),
            "items": steps.map { step -> [String: Any] in
                let isVacant = step.reason == .nobody
                let roles = step.roles.isEmpty ? [Recipient.group.role] : step.roles
                return [
                    "tone": isVacant ? "late" : "muted", "mark": isVacant ? "✗" : "–",
                    "who": roles.map(view.role).joined(separator: view.words("、", ", ")),
                    "text": view.title(step.obligation.rule) + " · " + view.stage(step.stage),
                    "why": why(view, step.reason),
                ]
            },
        ]
    }

    private func why(_ view: BoardView, _ reason: UntoldStep.Reason) -> String {
        let words = view.words
        switch reason {
        case .ahead(let moment):
            let at = view.date(moment)
            return words("还没有到时间:\(at)仍未完成才告知", "not yet: at \(at), if it is still not done")
        case .met(let moment):
            return words("到这一步之前已完成(\(view.date(moment)))", "it was done before (\(view.date(moment)))")
        case .cancelled(let moment):
            let at = view.date(moment)
            return words("到这一步之前已不再需要(\(at))", "it had ceased to matter before (\(at))")
        case .overtaken:
            return words(
                "得知时已到后面的步骤,直接按后面的步骤告知",
                "a later step was due when this one became known, and was told instead"
            )
        case .nobody:
            return words("无人担任,或没有指明部门", "nobody holds the role, or no department is named")
        }
    }
}

extension BoardReader {
    /// The steps of a matter's ladders that have told nobody, by the rules that it keeps.
    func untold(
        _ matter: StoredMatter,
        _ notifications: [StoredNotification],
        _ enterprise: Enterprise?,
        at now: Instant
    ) -> [UntoldStep] {
        let book = rules.book
        let derivation = derive(
            matter: matter.id,
            facts: matter.facts,
            enterprise: enterprise ?? Enterprise(id: matter.enterprise ?? .nobody, facts: []),
            policy: book.policy(matter.policyVersion),
            calendar: book.calendar,
            now: now
        )
        return derivation.untold(matter.state, at: now, calendar: book.calendar) { obligation, step in
            notifications.contains { $0.notification.tells(of: step.stage, obligation) }
        }
    }
}

extension UntoldStep.Reason {
    static let words = ["ahead", "met", "cancelled", "overtaken", "nobody"]

    /// One of `words`, for programs.
    var word: String {
        switch self {
        case .ahead: "ahead"
        case .met: "met"
        case .cancelled: "cancelled"
        case .overtaken: "overtaken"
        case .nobody: "nobody"
        }
    }

    /// When the step comes, or when what it is about ended.
    var moment: Instant? {
        switch self {
        case .ahead(let moment), .met(let moment), .cancelled(let moment): moment
        case .overtaken, .nobody: nil
        }
    }
}
