import Duty

/// The people and offices of the county, checked.
package struct DirectoryFile: Sendable {
    /// One person or office.
    package struct Entry: Sendable {
        package let ref: PersonRef
        package let name: String
        package let title: String?
        package let isOffice: Bool
        package let roles: [RoleID]
        /// The departments that the person acts for, by the ids of events.
        package let departments: [String]
        /// Channel → address.
        package let addresses: [String: String]
        package let line: Int
    }

    package let file: String
    package let entries: [Entry]
    /// Who holds which role by standing, and who is away when.
    package let directory: Directory

    package init(file: String, entries: [Entry], absences: [PersonRef: [Directory.Absence]]) {
        self.file = file
        self.entries = entries
        var standing: [RoleID: [PersonRef]] = [:]
        for entry in entries {
            for role in entry.roles { standing[role, default: []].append(entry.ref) }
        }
        directory = Directory(
            standing: standing.mapValues { $0.sorted() },
            absences: absences,
            departments: Dictionary(entries.map { ($0.ref, Set($0.departments)) }) { first, _ in first }
        )
    }

    package var names: [PersonRef: String] {
        Dictionary(entries.map { ($0.ref, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    package var addresses: [PersonRef: [String: String]] {
        Dictionary(entries.map { ($0.ref, $0.addresses) }, uniquingKeysWith: { first, _ in first })
    }

    package static func load(path: String) -> Loaded<DirectoryFile> {
        let log = ProblemLog(file: path)
        guard let text = ConfigFiles.text(path: path, log: log) else { return Loaded(nil, log.problems) }
        return load(text: text, fileName: path)
    }

    package static func load(text: String, fileName: String) -> Loaded<DirectoryFile> {
        let log = ProblemLog(file: fileName)
        guard let document = YAMLDocument(text: text, log: log) else { return Loaded(nil, log.problems) }
        let reader = DirectoryReader()
        let value: DirectoryFile? = document.root.mapping { map in
            for person in map["people"]?.list() ?? [] { reader.read(person, isOffice: false) }
            for office in map["offices"]?.list() ?? [] { reader.read(office, isOffice: true) }
            reader.checkSubstitutes()
            return DirectoryFile(file: fileName, entries: reader.entries, absences: reader.absences)
        }
        return Loaded(value, log.problems)
    }
}

/// Reads people and offices one after the other.
private final class DirectoryReader {
    private(set) var entries: [DirectoryFile.Entry] = []
    private(set) var absences: [PersonRef: [Directory.Absence]] = [:]
    private var substitutes: [(node: YAMLNode, ref: PersonRef, of: PersonRef)] = []

    func read(_ node: YAMLNode, isOffice: Bool) {
        _ = node.mapping { map in
            let ref = map.required("ref")
            let name = map.required("name")?.text()
            let title = isOffice ? nil : map["title"]?.text()
            let roles = self.roles(map["roles"])
            let departments = map["department"]?.oneOrMany().compactMap { $0.name() } ?? []
            let addresses = map["addresses"].map(self.addresses) ?? [:]
            guard let refNode = ref, let text = refNode.name() else {
                if !isOffice { _ = map["absences"] }
                return
            }
            let person = PersonRef(text)
            if let earlier = entries.first(where: { $0.ref == person }) {
                refNode.fail(
                    "“\(text)”重复,第一次在第 \(earlier.line) 行",
                    "\"\(text)\" is given twice, first in line \(earlier.line)"
                )
            }
            if !isOffice { absences[person] = map["absences"]?.list().compactMap { absence($0, of: person) } }
            entries.append(
                DirectoryFile.Entry(
                    ref: person,
                    name: name ?? text,
                    title: title,
                    isOffice: isOffice,
                    roles: roles,
                    departments: departments,
                    addresses: addresses,
                    line: refNode.line
                )
            )
        }
    }

    private func roles(_ node: YAMLNode?) -> [RoleID] {
        var roles: [RoleID] = []
        for item in node?.list() ?? [] {
            guard let role = item.name().map({ RoleID($0) }) else { continue }
            if roles.contains(role) {
                item.fail("“\(role)”重复", "\"\(role)\" is given twice")
            } else {
                roles.append(role)
            }
        }
        return roles
    }

    private func addresses(_ node: YAMLNode) -> [String: String] {
        var addresses: [String: String] = [:]
        for (channel, value) in node.members() { addresses[channel] = value.text() }
        return addresses
    }

    private func absence(_ node: YAMLNode, of person: PersonRef) -> Directory.Absence? {
        node.mapping { map in
            let from = map.required("from")?.date()
            let toNode = map.required("to")
            let to = toNode?.date()
            var substitute: PersonRef?
            if let node = map["substitute"], let ref = node.name().map({ PersonRef($0) }) {
                substitutes.append((node, ref, person))
                substitute = ref
            }
            guard let from, let to else { return nil }
            guard from <= to else {
                return toNode?.failed("早于首日 \(from)", "is before the first day, \(from)")
            }
            return Directory.Absence(from: from, to: to, substitute: substitute)
        }
    }

    func checkSubstitutes() {
        let people = entries.filter { !$0.isOffice }.map(\.ref.text)
        for (node, ref, person) in substitutes {
            if ref == person { node.fail("“\(ref)”不能做自己的代理人", "\"\(ref)\" cannot stand in for themselves") }
            if !people.contains(ref.text) {
                node.fail(
                    "“\(ref)”不在这份通讯录里",
                    "\"\(ref)\" is not in this directory",
                    Spelling.hint(ref.text, among: people)
                )
            }
        }
    }
}
