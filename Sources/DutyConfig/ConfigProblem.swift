/// One thing that is wrong in one place of the configuration, in one sentence.
package struct ConfigProblem: Error, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The file as it was named, or the environment variable that the value came from.
    package let file: String
    /// From 1; 0 where there are no lines: an environment variable, a file that cannot be read.
    package let line: Int
    package let message: String

    package init(file: String, line: Int, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// `file:line: message`.
    package var description: String { line > 0 ? "\(file):\(line): \(message)" : "\(file): \(message)" }

    package static func < (left: ConfigProblem, right: ConfigProblem) -> Bool {
        (left.file, left.line, left.message) < (right.file, right.line, right.message)
    }
}

/// What was read, and everything that is wrong with it.
package struct Loaded<Value> {
    /// As much as could be made of the input, for further checks; never to be run with.
    package let partial: Value?
    package let problems: [ConfigProblem]

    package init(_ partial: Value?, _ problems: [ConfigProblem]) {
        self.partial = partial
        self.problems = problems
    }

    /// The checked value; nil as soon as anything is wrong.
    package var value: Value? { problems.isEmpty ? partial : nil }
}

extension Loaded: Sendable where Value: Sendable {}

/// Collects the problems of one file while it is read.
final class ProblemLog {
    let file: String
    private(set) var problems: [ConfigProblem] = []

    init(file: String) { self.file = file }

    func add(_ message: String, file: String? = nil, line: Int) {
        add(ConfigProblem(file: file ?? self.file, line: line, message: message))
    }

    func add(_ problem: ConfigProblem) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}
