import Duty

/// The words of the answering page in one language.
struct AnswerWords: Sendable {
    let language: Language

    enum Language: String, Sendable {
        case chinese = "zh-CN"
        case english = "en"

        var other: Language { self == .chinese ? .english : .chinese }

        /// The one that a `?lang=` names, else the first that the browser likes, else that of the installation.
        init(parameter: Substring?, accept: String?, installation: Language) {
            let wishes = (accept ?? "").split(separator: ",").map { $0.drop { $0 == " " } }
            let named = parameter.flatMap { Language(tag: $0) }
            self = named ?? wishes.lazy.compactMap { Language(tag: $0) }.first ?? installation
        }

        /// Of a language tag such as `zh-Hans-CN;q=0.9`, its first part counts.
        init?(tag: Substring) {
            switch tag.prefix(2).lowercased() {
            case "zh": self = .chinese
            case "en": self = .english
            default: return nil
            }
        }
    }

    private var isChinese: Bool { language == .chinese }

    func callAsFunction(_ chinese: String, _ english: String) -> String { isChinese ? chinese : english }

    // MARK: Times

    /// `11月23日 14:35` or `23 Nov 14:35`, by the county's clock, with the year where it is not that of `now`.
    func date(_ instant: Instant, now: Instant) -> String {
        let day = CivilDate(instant)
        let time = instant.local.dropFirst(11).prefix(5)
        let (year, month, dayOfMonth) = day.parts
        let isOther = year != CivilDate(now).year
        return isChinese
            ? (isOther ? "\(year)年" : "") + "\(month)月\(dayOfMonth)日 \(time)"
            : "\(dayOfMonth) \(Self.months[month - 1])" + (isOther ? " \(year)" : "") + " \(time)"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// The two largest units of a length of time; less than a minute is called so.
    func duration(_ span: Span) -> String {
        let minutes = abs(span.seconds) / 60
        let parts: [(Int64, String, String)] = [
            (minutes / 1_440, "天", "d"), (minutes / 60 % 24, "小时", "h"), (minutes % 60, "分钟", "min"),
        ]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        guard !shown.isEmpty else { return self("不到1分钟", "less than a minute") }
        return shown.map { isChinese ? "\($0.0)\($0.1)" : "\($0.0) \($0.2)" }
            .joined(separator: isChinese ? "" : " ")
    }

    // MARK: Words for values

    func mode(_ word: String?) -> String {
        switch word {
        case "phone": self("电话", "by telephone")
        case "visit": self("上门", "by a visit")
        case "message": self("信息", "by a message")
        default: ""
        }
    }

    func via(_ word: String) -> String {
        switch word {
        case "web": self("网页", "on this page")
        case "sms-reply": self("短信回复", "by text message")
        case "card": self("应用卡片", "on the app card")
        case "supervisor": self("督办人员代为确认", "by a supervisor for them")
        default: word
        }
    }

    /// Nil for roles that a policy has made up; its own word stands for them.
    func role(_ role: RoleID) -> String? { Self.roles[role].map { self($0.0, $0.1) } }

    private static let roles: [RoleID: (String, String)] = [
        "park.staff": ("服务专员", "service officer"), "park.staff.backup": ("后备服务专员", "backup officer"),
        "park.leader": ("联点领导", "linked park leader"), "park.head": ("园区主要负责人", "head of the park"),
        "office": ("领导小组办公室", "steering group office"), "dept.contact": ("部门联络员", "department contact"),
        "dept.head": ("部门主要负责人", "head of department"),
        "county.linked": ("联点县级领导", "linked county leader"),
        "county.secretary": ("县委主要领导", "county party secretary"),
        "county.deputy": ("分管县级领导", "county leader in charge"),
        "hall.window": ("窗口专人", "window officer"), "hall.head": ("政务服务中心负责人", "head of the hall"),
    ]
}
