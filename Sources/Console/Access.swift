import Crypto
import Synchronization

/// Who a bearer token belongs to.
package enum AccessRole: String, Sendable, CaseIterable {
    case viewer, supervisor, admin, producer

    /// The ledger says what single people owe, and a dead letter holds what came, unmasked, so that reading
    /// these takes more than reading the rest.
    func may(_ permission: Permission) -> Bool {
        switch self {
        case .viewer: permission == .read
        case .supervisor: [.read, .readLedger, .readDeadLetters].contains(permission)
        case .admin: true
        case .producer: permission == .writeEvents
        }
    }
}

/// What a path asks of whoever calls it.
enum Permission: String, Sendable, CaseIterable {
    case read, readLedger, readDeadLetters, changeDeadLetters, changePolicy, writeEvents
}

/// The tokens in force, replaced as a whole at a reload; only their hashes are kept.
package final class Access: Sendable {
    package struct Token: Sendable {
        let hash: SHA256Digest
        let role: AccessRole

        package init(_ text: String, role: AccessRole) {
            hash = SHA256.hash(data: Array(text.utf8))
            self.role = role
        }
    }

    enum Verdict: Hashable {
        case granted
        case noToken
        case unknownToken
        case wrongRole(AccessRole)
    }

    private let isOpen: Bool
    private let tokens: Mutex<[Token]>

    /// `isOpen` says that nobody is asked; meant for loopback alone.
    package init(isOpen: Bool, tokens: [Token]) {
        self.isOpen = isOpen
        self.tokens = Mutex(tokens)
    }

    package func replace(_ tokens: [Token]) { self.tokens.withLock { $0 = tokens } }

    /// Judges the value of an Authorization header.
    func verdict(_ authorization: String?, _ permission: Permission) -> Verdict {
        if isOpen { return .granted }
        guard let authorization else { return .noToken }
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return .noToken }
        guard let role = role(of: parts[1]) else { return .unknownToken }
        return role.may(permission) ? .granted : .wrongRole(role)
    }

    /// Digests compare in constant time, and every one is looked at, so that the time tells nothing of any.
    private func role(of token: Substring) -> AccessRole? {
        let hash = SHA256.hash(data: Array(token.utf8))
        var found: AccessRole?
        for known in tokens.withLock({ $0 }) where known.hash == hash { found = known.role }
        return found
    }
}
