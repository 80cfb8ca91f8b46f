import Duty
import DutyConfig
import Synchronization

/// Names and addresses from the directory, replaced as a whole at a reload.
final class People: Sendable {
    private let current: Mutex<(names: [PersonRef: String], addresses: [PersonRef: [String: String]])>

    init(_ directory: DirectoryFile) { current = Mutex((directory.names, directory.addresses)) }

    func replace(_ directory: DirectoryFile) {
        current.withLock { $0 = (directory.names, directory.addresses) }
    }

    func name(_ person: PersonRef) -> String {
        current.withLock { $0.names[person] } ?? (person.isGroup ? "园区群" : person.text)
    }

    func address(_ person: PersonRef, on channel: String) -> String? {
        current.withLock { $0.addresses[person]?[channel] }
    }
}

extension PersonRef {
    fileprivate var isGroup: Bool { text.hasPrefix("@") }
}
