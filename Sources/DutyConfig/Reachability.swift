import Duty

/// Whom the policy wants to tell and nobody would hear, or by one channel alone: one that fails is then silence.
package struct Reachability: Sendable {
    package struct Finding: Hashable, Sendable, Comparable {
        package enum Kind: String, Sendable, CaseIterable {
            /// A role that people hold by standing.
            case role
            /// A role that people hold for one enterprise.
            case enterprise
            /// A step of a ladder, with everybody behind it.
            case step
        }

        package let kind: Kind
        /// The role, the enterprise with the role, the step.
        package let subject: Wording
        package let messageClass: MessageClass
        /// The only channel; nil where there is none, or nobody.
        package let channel: String?
        /// Where the policy says so, for a step.
        package let line: Int?

        package var isNobody: Bool { channel == nil }

        package static func < (left: Finding, right: Finding) -> Bool {
            (left.kind.rawValue, left.subject.english, left.messageClass.text)
                < (right.kind.rawValue, right.subject.english, right.messageClass.text)
        }
    }

    private let configuration: DutyclockConfiguration
    private let policy: PolicyFile
    private let directory: Directory
    private let addresses: [PersonRef: [String: String]]

    package init(configuration: DutyclockConfiguration, policy: PolicyFile, directory: DirectoryFile) {
        self.configuration = configuration
        self.policy = policy
        self.directory = directory.directory
        addresses = directory.addresses
    }

    package init(_ set: ConfigurationSet) {
        self.init(configuration: set.configuration, policy: set.policy, directory: set.directory)
    }

    /// Everything there is to find, at one moment; enterprises that are none any more have nobody to be told.
    ///
    /// A class that has one channel altogether is no news of any role: `narrowClasses` has those.
    package func findings(_ enterprises: [Enterprise], at now: Instant) -> [Finding] {
        let resolver = RecipientResolver(policy: policy.policy, directory: directory)
        var found = Set(standing(resolver, now) + steps(resolver, now) + dutiesOfNobody)
        for enterprise in enterprises where enterprise.end.map({ $0.at > now }) ?? true {
            guard enterprise.isRegistered, enterprise.field("inPark", at: now)?.bool == true else { continue }
            for (role, messageClass) in told where isServed(role) {
                let people = resolver.people(for: role, enterprise: enterprise, opening: nil, at: now)
                let name = enterprise.id.text + ": " + role.text
                if let finding = finding(.enterprise, Wording(name, name), people, messageClass) {
                    found.insert(finding)
                }
            }
        }
        return found.sorted()
    }

    /// Classes of message that one channel alone carries.
    package var narrowClasses: [(messageClass: MessageClass, channel: String)] {
        Set(policy.tells.map(\.messageClass)).sorted().compactMap { name in
            guard let route = configuration.routing[name], Set(route).count == 1 else { return nil }
            return route.first.map { (name, $0) }
        }
    }

    // MARK: Whom the policy tells

    /// Every role with each class by which it is told.
    private var told: [(RoleID, MessageClass)] {
        var seen: Set<String> = []
        return policy.tells.flatMap { tell in tell.roles.map { ($0, tell.messageClass) } }.filter {
            seen.insert($0.0.text + " " + $0.1.text).inserted && !$0.0.text.hasPrefix("fact:")
                && !$0.0.text.hasSuffix(".backup")
        }
    }

    /// Whether people hold the role for one enterprise or its park.
    private func isServed(_ role: RoleID) -> Bool {
        [.enterprise, .park].contains(policy.policy.roles[role]?.binding)
    }

    private func standing(_ resolver: RecipientResolver, _ now: Instant) -> [Finding] {
        told.filter { !isServed($0.0) }.compactMap { role, messageClass in
            finding(.role, Wording(role.text, role.text), holders(role, resolver, now), messageClass)
        }
    }

    /// Duties of each holder of a role that nobody holds: nobody owes them, so that no step would say so.
    private var dutiesOfNobody: [Finding] {
        policy.duties.filter { directory.standing[$0.role]?.isEmpty ?? true }.map { duty in
            Finding(
                kind: .role,
                subject: Wording(duty.role.text, duty.role.text),
                messageClass: .personal,
                channel: nil,
                line: nil
            )
        }
    }

    /// Steps all of whose roles are held by standing; whom the others reach is a matter of each enterprise.
    private func steps(_ resolver: RecipientResolver, _ now: Instant) -> [Finding] {
        policy.tells.compactMap { tell in
            guard !tell.roles.contains(where: { isServed($0) || $0.text.hasPrefix("fact:") }) else {
                return nil
            }
            let people =
                tell.roles.isEmpty ? [.group] : tell.roles.flatMap { holders($0, resolver, now) }
            return finding(.step, tell.name, people, tell.messageClass, line: tell.line)
        }
    }

    /// Holders of a role by standing, of whatever department, with those who stand in for them.
    private func holders(_ role: RoleID, _ resolver: RecipientResolver, _ now: Instant) -> [Recipient] {
        let own = (directory.standing[role] ?? []).map { Recipient(person: $0, role: role) }
        guard own.isEmpty else { return own }
        return resolver.people(
            for: role,
            enterprise: Enterprise(id: .nobody, facts: []),
            opening: nil,
            at: now
        )
    }

    // MARK: By which ways

    private func finding(
        _ kind: Finding.Kind,
        _ subject: Wording,
        _ people: [Recipient],
        _ messageClass: MessageClass,
        line: Int? = nil
    ) -> Finding? {
        guard let route = configuration.routing[messageClass] else { return nil }
        let ways = Set(people.flatMap { person in route.filter { reaches(person, by: $0) } })
        guard ways.count < 2, ways.isEmpty || Set(route).count > 1 else { return nil }
        return Finding(
            kind: kind,
            subject: subject,
            messageClass: messageClass,
            channel: ways.first,
            line: line
        )
    }

    private func reaches(_ recipient: Recipient, by channel: String) -> Bool {
        guard let known = configuration.channel(channel) else { return false }
        return !known.needsAddress || (addresses[recipient.person]?[channel] != nil && !recipient.isGroup)
    }
}
