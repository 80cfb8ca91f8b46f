import Duty

/// Somebody whom a group robot points at with an @.
struct Mention: Hashable, Sendable {
    let person: PersonRef
    /// The user id of the chat program, or a mobile number.
    let address: String

    /// Whether the address is a mobile number of the mainland.
    var isMobile: Bool {
        address.utf8.count == 11 && address.first == "1" && address.utf8.allSatisfy { (48...57).contains($0) }
    }

    /// The recipient, or the owners of the matter when the group as such is told; those whose address is known.
    static func of(_ message: OutgoingMessage, on channel: String, _ tools: ChannelTools) -> [Mention] {
        let recipient = message.notification.recipient
        if !recipient.isGroup {
            return message.address.map { [Mention(person: recipient.person, address: $0)] } ?? []
        }
        let owners = message.notification.values["ownerRefs"]?.array?.compactMap(\.string) ?? []
        return owners.prefix(10).map { PersonRef($0) }.compactMap { owner in
            tools.addressOf(owner, channel).map { Mention(person: owner, address: $0) }
        }
    }
}
