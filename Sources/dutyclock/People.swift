import Console
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

    /// Nil for those who are not in the directory, or no longer.
    func knownName(_ person: PersonRef) -> String? { current.withLock { $0.names[person] } }

    /// Who has an address that is this mobile number, with or without the country's code before it; nil for
    /// nobody, and for a number that several share.
    func owner(ofMobile mobile: String) -> PersonRef? {
        let owners = current.withLock { $0.addresses }.filter { _, addresses in
            addresses.values.contains { MobileNumber($0)?.digits == mobile }
        }
        return owners.count == 1 ? owners.first?.key : nil
    }

    func address(_ person: PersonRef, on channel: String) -> String? {
        current.withLock { $0.addresses[person]?[channel] }
    }
}

extension PersonRef {
    fileprivate var isGroup: Bool { text.hasPrefix("@") }
}
