import Duty

/// Values that the environment replaces: `DUTYCLOCK_` and the path in upper snake case.
final class EnvironmentOverrides {
    static let prefix = "DUTYCLOCK_"
    /// Variables of ours that are no key of the configuration: where it is, and the token of a command that
    /// talks to a daemon.
    static let otherVariables: Set<String> = ["DUTYCLOCK_CONFIG", "DUTYCLOCK_TOKEN"]

    private let variables: [String: String]
    private var used: Set<String> = []
    private var offered: Set<String> = []

    init(_ environment: [String: String]) {
        variables = environment.filter { $0.key.hasPrefix(EnvironmentOverrides.prefix) }
    }

    /// The variable for a path, if it is set.
    func value(for path: String) -> (name: String, text: String)? {
        let name = EnvironmentOverrides.variable(for: path)
        offered.insert(name)
        guard let text = variables[name] else { return nil }
        used.insert(name)
        return (name, text)
    }

    /// A variable that a secret refers to is not an override.
    func markUsed(_ name: String) { used.insert(name) }

    /// What follows the path in variables that nobody has asked for yet.
    func unusedSuffixes(below path: String) -> [String] {
        let start = EnvironmentOverrides.variable(for: path) + "_"
        return variables.keys.filter { $0.hasPrefix(start) && !used.contains($0) }
            .map { String($0.dropFirst(start.count)) }.sorted()
    }

    /// Notes each variable of ours that no key answers to.
    func reportUnknown(_ log: ProblemLog) {
        for name in variables.keys.sorted()
        where !used.contains(name) && !EnvironmentOverrides.otherVariables.contains(name) {
            let hint = Spelling.hint(name, among: offered.sorted())
            log.add(
                ConfigProblem(
                    file: name,
                    line: 0,
                    wording: Wording("没有对应配置项的环境变量", "unknown environment variable") + hint
                )
            )
        }
    }

    /// `kafka.properties.bootstrap.servers` → `DUTYCLOCK_KAFKA_PROPERTIES_BOOTSTRAP_SERVERS`.
    static func variable(for path: String) -> String {
        var name = prefix
        var previous: Character?
        for character in path {
            if character.isUppercase, previous?.isLowercase == true { name.append("_") }
            name += character.isLetter || character.isNumber ? character.uppercased() : "_"
            previous = character
        }
        return name
    }
}
