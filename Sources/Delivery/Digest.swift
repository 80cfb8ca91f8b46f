import Crypto
import Duty

/// Several messages of one kind to one recipient, told as one.
enum Digest {
    /// The row of the catalogue that words it.
    static let code = "N93"

    /// The key under which it goes out: the same for the same messages, in whatever order.
    static func key(_ members: [Notification]) -> String {
        var hash = SHA256()
        for key in members.map(\.key).sorted() { hash.update(data: Array((key + "\n").utf8)) }
        let hex = hash.finalize().prefix(12).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        return "digest|" + hex.joined()
    }

    /// The message as channels see it; `members` are one at least, the most urgent first.
    ///
    /// It names no matter and no enterprise of its own, is as urgent as its most urgent part and due with the
    /// earliest.
    static func notification(_ members: [Notification], values: Value) -> Notification? {
        guard let first = members.first else { return nil }
        let key = key(members)
        return Notification(
            key: key,
            code: code,
            rule: first.rule,
            article: first.article,
            matter: MatterID("digest/" + key.dropFirst("digest|".count)),
            enterprise: .nobody,
            cycle: 1,
            stage: "digest",
            messageClass: first.messageClass,
            recipient: first.recipient,
            dueAt: members.compactMap(\.dueAt).min(),
            requestedAt: members.map(\.requestedAt).min() ?? first.requestedAt,
            urgency: members.map(\.urgency).min() ?? first.urgency,
            withdraws: nil,
            values: values
        )
    }
}

extension MessageRenderer {
    /// The one message that tells all of `members`, in at most `limit` characters.
    ///
    /// It lists numbers and due times, the earliest first, and says how many it had no room for. Nil if there is
    /// nothing to tell.
    func digest(
        _ members: [Notification],
        limit: Int,
        names: @escaping (PersonRef) -> String
    ) -> (notification: Notification, title: String, text: String)? {
        guard !members.isEmpty else { return nil }
        let kind = heading(members, names: names)
        let items = members.sorted {
            ($0.dueAt ?? .distantFuture, $0.key) < ($1.dueAt ?? .distantFuture, $1.key)
        }
        .map(item)
        var shown = min(items.count, Self.mostItems)
        while true {
            var values = [
                Value.Member("kind", .string(kind)), Value.Member("count", .integer(Int64(items.count))),
                Value.Member("items", .string(list(Array(items.prefix(shown))))),
            ]
            if shown < items.count {
                values.append(Value.Member("more", .integer(Int64(items.count - shown))))
            }
            guard let notification = Digest.notification(members, values: .object(values)) else { return nil }
            let (title, text) = words(notification, names: names)
            if text.count <= limit || shown <= 1 { return (notification, title, text) }
            shown -= 1
        }
    }

    private func words(
        _ notification: Notification,
        names: @escaping (PersonRef) -> String
    ) -> (title: String, text: String) {
        guard hasTemplate(Digest.code) else {
            // The numbers must not be lost with the template.
            let values = ["kind", "count", "items"].compactMap { notification.values[$0] }
            return (
                Digest.code,
                values.map { $0.string ?? $0.integer.map(String.init) ?? "" }.joined(separator: " ")
            )
        }
        return render(notification, names: names)
    }

    /// However long the text may be: nobody reads a longer list.
    private static let mostItems = 20
}
