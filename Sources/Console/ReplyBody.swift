import Duty

/// Replies to text messages as a provider hands them over.
struct ReplyBody: Sendable {
    struct Reply: Sendable, Hashable {
        let phone: String
        let text: String
        /// When it was sent, if the provider says so in a form that is known.
        let sentAt: Instant?
    }

    let replies: [Reply]
    /// What this provider takes for a yes.
    let receipt: Value

    /// Nil if it is the form of none of them.
    init?(_ value: Value) {
        if let list = value.array {
            self.init(alibaba: list)
        } else if value["mobile"] != nil {
            self.init(tencent: value)
        } else {
            return nil
        }
    }

    /// Alibaba Cloud (`SmsUp`): a list of objects; the time is Beijing's, `2026-11-23 14:35:00`.
    private init?(alibaba list: [Value]) {
        var replies: [Reply] = []
        for item in list {
            guard let phone = item["phone_number"]?.string, let text = item["content"]?.string else {
                return nil
            }
            let time = item["send_time"]?.string.map {
                $0.split(separator: " ").joined(separator: "T") + "+08:00"
            }
            replies.append(Reply(phone: phone, text: text, sentAt: time.flatMap { Instant(rfc3339: $0) }))
        }
        self.replies = replies
        receipt = .object([Value.Member("code", .integer(0)), Value.Member("msg", "成功")])
    }

    /// Tencent Cloud (SMS reply callback): one object; the time is in seconds since 1970.
    private init?(tencent value: Value) {
        guard let phone = value["mobile"]?.string, let text = value["text"]?.string else { return nil }
        replies = [
            Reply(phone: phone, text: text, sentAt: value["time"]?.integer.map { Instant(seconds: $0) })
        ]
        receipt = .object([Value.Member("result", .integer(0)), Value.Member("errmsg", "OK")])
    }
}
