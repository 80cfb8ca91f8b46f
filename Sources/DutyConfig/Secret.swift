/// A password, token or key; it does not show itself in texts, dumps or logs.
package struct Secret: Hashable, Sendable {
    private let value: String

    package init(_ value: String) { self.value = value }

    /// The value, for the one place that sends or signs with it.
    package func reveal() -> String { value }

    /// Stands for one that is not here and that nobody will send or sign with.
    static let absent = Secret("")
    package var isAbsent: Bool { value.isEmpty }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "(secret)" }
    package var debugDescription: String { "(secret)" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Which secrets have to be there for what a command does.
package enum SecretNeed: Sendable {
    /// All: it sends with them.
    case all
    /// All but those that systemd hands to the service and to nobody else.
    case atHand
    /// None: it sends nothing.
    case none
}

/// Finds the values of `{file: …}`, `{env: …}` and `{credential: …}`.
struct SecretReader {
    /// The configuration file, from whose folder relative paths are seen.
    let file: String
    let environment: [String: String]
    /// Told which variables are secrets and so replace no key.
    let overrides: EnvironmentOverrides
    var need = SecretNeed.all
    /// Gets those that are not here and need not be.
    let absent: ProblemLog

    static let forms = "{file: PATH}, {env: NAME} or {credential: NAME}"

    func secret(_ node: YAMLNode) -> Secret? {
        guard node.isMapping else {
            return node.failed("a secret must not stand in the file; write \(SecretReader.forms)")
        }
        return node.mapping { map in
            let sources = ["file", "env", "credential"].compactMap { key in map[key].map { (key, $0) } }
            guard sources.count == 1, let (kind, source) = sources.first else {
                return node.failed("needs exactly one of \(SecretReader.forms)")
            }
            guard let name = source.text() else { return nil }
            return value(kind, name, source)
        }
    }

    private func value(_ kind: String, _ name: String, _ node: YAMLNode) -> Secret? {
        switch kind {
        case "env":
            overrides.markUsed(name)
            guard let text = environment[name], !text.isEmpty else {
                return missing("environment variable \(name) is not set", node)
            }
            return Secret(text)
        case "credential":
            guard YAMLNode.isName(name) else { return node.failed("is no name of a credential") }
            guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
                return missing(
                    "CREDENTIALS_DIRECTORY is not set; systemd sets it for LoadCredential=",
                    node,
                    isAtHand: false
                )
            }
            return content(folder + "/" + name, node)
        default: return content(ConfigFiles.resolve(name, besideFile: file), node)
        }
    }

    private func content(_ path: String, _ node: YAMLNode) -> Secret? {
        let log = ProblemLog(file: path)
        guard var text = ConfigFiles.text(path: path, log: log) else {
            return missing("\(path) \(log.problems.first?.message ?? "cannot be read")", node)
        }
        while let last = text.last, last.isNewline { text.removeLast() }
        return text.isEmpty ? node.failed("\(path) is empty") : Secret(text)
    }

    /// A mistake where the secret is needed.
    private func missing(_ message: String, _ node: YAMLNode, isAtHand: Bool = true) -> Secret? {
        switch need {
        case .all: return node.failed(message)
        case .atHand where isAtHand: return node.failed(message)
        case .atHand, .none:
            absent.add("\(node.path): \(message)", file: node.file, line: node.line)
            return .absent
        }
    }
}
