/// What a caller may do; docs/operations.md has the table.
package enum AccessRole: String, Sendable, CaseIterable {
    case viewer, supervisor, admin, producer

    /// The ledger says what single people owe, and a dead letter holds what came, unmasked, so that reading
    /// these takes more than reading the rest.
    func may(_ permission: Permission) -> Bool {
        switch self {
        case .viewer: permission == .read
        case .supervisor: [.read, .readLedger, .readDeadLetters, .act].contains(permission)
        case .admin: true
        case .producer: permission == .writeEvents
        }
    }
}

/// What a path asks of whoever calls it.
enum Permission: String, Sendable, CaseIterable {
    case read, readLedger, readDeadLetters, changePolicy, writeEvents
    /// To acknowledge for somebody, escalate, silence, settle a dead letter.
    case act
}
