import Duty

/// Who may come in over HTTP, checked.
package struct TokenFile: Sendable {
    /// What the bearer of a token may do; docs/operations.md has the table.
    package enum Role: String, Sendable, CaseIterable { case viewer, supervisor, admin, producer }

    package struct Entry: Sendable {
        /// For people, who must be able to tell whose token it is.
        package let name: String
        package let role: Role
        package let token: Secret
        /// What the pages call its bearer; nil: the name.
        package var label: String?
        /// The person of the directory whose token it is; nil for a program's.
        package var person: PersonRef?
        /// Whether matters of discipline and assessment are its bearer's work.
        package var isDiscipline = false
    }

    package let entries: [Entry]

    /// Shorter ones can be guessed: nothing slows down whoever tries.
    static let shortest = 20

    static func load(
        path: String,
        secrets: SecretReader
    ) -> Loaded<TokenFile> {
        let log = ProblemLog(file: path)
        guard let text = ConfigFiles.text(path: path, log: log),
            let document = YAMLDocument(text: text, log: log)
        else { return Loaded(nil, log.problems) }
        let reader = TokenReader(
            secrets: SecretReader(
                file: path,
                environment: secrets.environment,
                overrides: secrets.overrides,
                need: secrets.need,
                absent: secrets.absent
            )
        )
        let value: TokenFile? = document.root.mapping { map in
            for node in map.required("tokens")?.list() ?? [] { reader.read(node) }
            return TokenFile(entries: reader.entries)
        }
        return Loaded(value, log.problems)
    }

    /// RFC 6750: what may stand behind the word Bearer.
    package static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~+/=".contains($0)) }
    }
}

/// Reads tokens one after the other.
private final class TokenReader {
    private let secrets: SecretReader
    private(set) var entries: [TokenFile.Entry] = []

    init(secrets: SecretReader) { self.secrets = secrets }

    func read(_ node: YAMLNode) {
        _ = node.mapping { map in
            let nameNode = map.required("name")
            let role = map.required("role")?.word(TokenFile.Role.self)
            let token = map.required("token").flatMap(token)
            guard let nameNode, let name = nameNode.name() else { return }
            if entries.contains(where: { $0.name == name }) {
                nameNode.fail("“\(name)”重复", "\"\(name)\" is given twice")
            }
            let label = map["label"]?.text()
            let person = map["person"]?.name().map { PersonRef($0) }
            let isDiscipline = map["discipline"]?.flag() ?? false
            guard let role, let token else { return }
            var entry = TokenFile.Entry(name: name, role: role, token: token)
            entry.label = label
            entry.person = person
            entry.isDiscipline = isDiscipline
            entries.append(entry)
        }
    }

    private func token(_ node: YAMLNode) -> Secret? {
        guard let secret = secrets.secret(node) else { return nil }
        // Nobody comes in by it here.
        if secret.isAbsent { return nil }
        guard secret.reveal().utf8.count >= TokenFile.shortest else {
            return node.failed(
                "短于 \(TokenFile.shortest) 个字符,请换一个长的",
                "is shorter than \(TokenFile.shortest) characters"
            )
        }
        guard TokenFile.isToken(secret.reveal()) else {
            return node.failed("只能有字母、数字和 - . _ ~ + / =", "may only have letters, digits and - . _ ~ + / =")
        }
        if let other = entries.first(where: { $0.token == secret }) {
            return node.failed("与“\(other.name)”的令牌相同,请另换一个", "is the token of \"\(other.name)\" as well")
        }
        return secret
    }
}
