import Hummingbird

/// What the page of a link that is not accepted says, in both languages: who has it may not be who it is for.
struct RefusalWords: Sendable {
    let status: HTTPResponse.Status
    let fields: [String: String]

    init(_ reason: LinkRejection) {
        switch reason {
        case .expired:
            self.init(
                .gone,
                ("链接已过期", "此链接的有效期已过。请打开最近一条提醒中的链接,或登录系统办理。"),
                ("This link has expired", "Please open the link of the latest message, or use the system.")
            )
        case .unknownNotification:
            self.init(
                .gone,
                ("提醒已不存在", "系统中没有这条提醒,可能已被清理。"),
                ("This message is no longer there", "It may have been cleared away.")
            )
        case .personGone:
            self.init(
                .gone,
                ("链接已停用", "通讯录中已没有此链接的使用人,不能再由此办理。"),
                (
                    "This link is no longer in use",
                    "The person it was made for is not in the directory any more."
                )
            )
        case .tooMany:
            self.init(
                .tooManyRequests,
                ("操作过于频繁", "请一分钟后再试。"),
                ("Too many attempts", "Please try again in a minute.")
            )
        case .crossSite:
            self.init(
                .forbidden,
                ("未能提交", "请从提醒中重新打开链接,再提交一次。"),
                (
                    "It was not handed in",
                    "Please open the link of the message again and hand it in from there."
                )
            )
        case .malformed, .forged, .wrongPurpose:
            self.init(
                .forbidden,
                ("链接无效", "链接不完整或已被改动。请直接点开提醒中的链接,不要手工输入或转发。"),
                (
                    "This link is not valid",
                    "It is incomplete or was changed. Please open it from the message itself."
                )
            )
        }
    }

    static let unavailable = RefusalWords(
        .serviceUnavailable,
        ("系统暂时无法访问", "请稍后再试。链接仍然有效。"),
        ("The system cannot be reached just now", "Please try again soon. The link is still good.")
    )

    private init(
        _ status: HTTPResponse.Status,
        _ chinese: (String, String),
        _ english: (String, String)
    ) {
        self.status = status
        fields = [
            "lang": "zh-CN", "title": chinese.0, "chinese": chinese.0, "chineseHint": chinese.1,
            "english": english.0, "englishHint": english.1,
        ]
    }
}
