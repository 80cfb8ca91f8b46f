import Duty
import Foundation
import Storage

/// Messages that wait in a store before the program starts, each about a complaint of its own.
struct Backlog {
    /// What the numbers of the complaints begin with.
    let prefix: String
    let code: String
    let stage: String
    let messageClass: MessageClass
    let recipient: Recipient
    let urgency: Int

    /// Puts `count` of them into a new store, as if they had waited for `age`.
    func fill(_ path: String, count: Int, age: Span = .zero) async throws {
        let store = try SQLiteStore(path: path)
        let at = Instant(microseconds: Int64(Date().timeIntervalSince1970 * 1_000_000)) - age
        for chunk in Array(0..<count).chunks(of: 1_000) {
            var commit = Commit()
            commit.notifications = chunk.map { notification($0, at: at) }
            _ = try await store.commit(commit)
        }
        try await store.close()
    }

    private func notification(_ number: Int, at moment: Instant) -> Duty.Notification {
        let matter = MatterID("complaint/\(prefix)\(number)")
        return Duty.Notification(
            key: "A22.response|\(matter)|1|\(stage)|\(recipient.person.text)",
            code: code,
            rule: "A22.response",
            article: 22,
            matter: matter,
            enterprise: "E-000001",
            cycle: 1,
            stage: stage,
            messageClass: messageClass,
            recipient: recipient,
            dueAt: moment,
            requestedAt: moment,
            urgency: urgency,
            withdraws: nil,
            values: ["number": .string(matter.number), "enterpriseName": "衡阳某某精密"]
        )
    }
}
