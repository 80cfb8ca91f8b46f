import Duty

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

    static let forms = Wording(
        "{file: 路径}、{env: 变量名} 或 {credential: 凭据名}",
        "{file: PATH}, {env: NAME} or {credential: NAME}"
    )

    func secret(_ node: YAMLNode) -> Secret? {
        guard node.isMapping else {
            return node.failed(
                "密钥不能直接写在文件里,请写成 \(SecretReader.forms.chinese)",
                "a secret must not stand in the file; write \(SecretReader.forms.english)"
            )
        }
        return node.mapping { map in
            let sources = ["file", "env", "credential"].compactMap { key in map[key].map { (key, $0) } }
            guard sources.count == 1, let (kind, source) = sources.first else {
                return node.failed(
                    "须写且只写一种:\(SecretReader.forms.chinese)",
                    "needs exactly one of \(SecretReader.forms.english)"
                )
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
                return missing(
                    Wording("环境变量 \(name) 没有设置", "environment variable \(name) is not set"),
                    node
                )
            }
            return Secret(text)
        case "credential":
            guard YAMLNode.isName(name) else {
                return node.failed("不能作凭据名,只能用字母、数字、点、短横和下划线", "is no name of a credential")
            }
            guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
                return missing(
                    Wording(
                        "CREDENTIALS_DIRECTORY 没有设置,它由 systemd 按 LoadCredential= 设置",
                        "CREDENTIALS_DIRECTORY is not set; systemd sets it for LoadCredential="
                    ),
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
            return missing(log.reason.after(path + " "), node)
        }
        while let last = text.last, last.isNewline { text.removeLast() }
        return text.isEmpty ? node.failed("文件 \(path) 是空的", "\(path) is empty") : Secret(text)
    }

    /// A mistake where the secret is needed.
    private func missing(_ wording: Wording, _ node: YAMLNode, isAtHand: Bool = true) -> Secret? {
        switch need {
        case .all: return node.failed(wording)
        case .atHand where isAtHand: return node.failed(wording)
        case .atHand, .none:
            absent.add(
                ConfigProblem(file: node.file, line: node.line, wording: wording.after(node.path + ": "))
            )
            return .absent
        }
    }
}
