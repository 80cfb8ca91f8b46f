/// A class of message; the configuration maps each class to channels in the order of trial.
package struct MessageClass: Identifier {
    package let text: String
    package init(_ text: String) { self.text = text }
    /// To one person alone.
    package static let personal: MessageClass = "personal"
    /// To a chat group; never carries contact data, a person's share or a rank.
    package static let group: MessageClass = "group"
    package static let mail: MessageClass = "mail"
}

/// Who a notification is for: a person or office, or a whole class of channel (`@group`).
package struct Recipient: Hashable, Sendable, Comparable {
    package let person: PersonRef
    package let role: RoleID

    package init(person: PersonRef, role: RoleID) {
        self.person = person
        self.role = role
    }

    package static func < (left: Recipient, right: Recipient) -> Bool {
        left.person != right.person ? left.person < right.person : left.role < right.role
    }

    /// The recipient that stands for everybody in the park's group.
    package static let group = Recipient(person: "@group", role: "@group")
    package var isGroup: Bool { person.text.hasPrefix("@") }
}

/// One message to one recipient, decided and recorded; how it travels is Delivery's matter.
///
/// `key` is `rule|matter|cycle|stage|recipient`: one key is never told twice on one channel.
package struct Notification: Hashable, Sendable {
    package let key: String
    /// The row of the catalogue (`N13`) whose template gives the text.
    package let code: String
    package let rule: RuleID
    package let article: Int
    package let matter: MatterID
    package let enterprise: EnterpriseID
    package let cycle: Int
    package let stage: String
    package let messageClass: MessageClass
    package let recipient: Recipient
    package let dueAt: Instant?
    /// When it was decided.
    package let requestedAt: Instant
    /// When the event that made it necessary reached its topic; nil where time alone did.
    package var arrivedAt: Instant?
    /// 0 is a breach, larger numbers can wait; the order in which waiting messages leave.
    package let urgency: Int
    /// The key of the message that this one takes back.
    package let withdraws: String?
    /// What the template may show, by the placeholder names of docs/templates.md.
    package private(set) var values: Value

    package init(
        key: String,
        code: String,
        rule: RuleID,
        article: Int,
        matter: MatterID,
        enterprise: EnterpriseID,
        cycle: Int,
        stage: String,
        messageClass: MessageClass,
        recipient: Recipient,
        dueAt: Instant?,
        requestedAt: Instant,
        urgency: Int,
        withdraws: String?,
        values: Value
    ) {
        self.key = key
        self.code = code
        self.rule = rule
        self.article = article
        self.matter = matter
        self.enterprise = enterprise
        self.cycle = cycle
        self.stage = stage
        self.messageClass = messageClass
        self.recipient = recipient
        self.dueAt = dueAt
        self.requestedAt = requestedAt
        self.urgency = urgency
        self.withdraws = withdraws
        self.values = values
    }

    /// Says another reason than the one that it was made with, if it was made with one of `reasons`.
    mutating func replace(reasons: Set<String>, by reason: String) {
        values = values.replacing(reasons: reasons, by: reason)
    }

    /// From when on somebody waits for it.
    package var wantedSince: Instant { arrivedAt ?? requestedAt }

    package mutating func add(_ value: Value.Member) { values = .object((values.members ?? []) + [value]) }
}

/// The life of a notification on its way out.
package enum NotificationState: String, Sendable, CaseIterable {
    /// Decided, nothing tried yet, or waiting for its next try.
    case pending
    /// The intent to send is on disk; the provider may or may not have it.
    case sending
    case sent
    /// A crash or a silent provider left the truth unknown; not tried again on this channel.
    case uncertain
    /// This attempt failed; what follows is a retry, the next channel, or giving up.
    case failed
    /// No channel is left.
    case gaveUp
    /// A silence keeps it back: decided, on record and never tried.
    case silenced
}

/// What a channel says of one attempt.
///
/// Channels never throw.
package enum SendOutcome: Hashable, Sendable {
    /// The provider took it; `reference` is the provider's own id, if it gave one.
    case sent(reference: String?)
    /// Surely not delivered; worth another try, not before `after` if the provider named a time.
    case retry(code: String, reason: String, after: Span?)
    /// Surely not delivered, and trying again here is pointless.
    case failed(code: String, reason: String)
    /// Perhaps delivered: the request left and no answer came.
    case uncertain(reason: String)

    /// `sent`, `retry`, `failed` or `uncertain`.
    package var word: String {
        switch self {
        case .sent: "sent"
        case .retry: "retry"
        case .failed: "failed"
        case .uncertain: "uncertain"
        }
    }
}
