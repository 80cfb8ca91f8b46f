import Duty

/// One thing that is wrong in one place of the configuration, in one sentence of each language.
package struct ConfigProblem: Error, Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The file as it was named, or the environment variable that the value came from.
    package let file: String
    /// From 1; 0 where there are no lines: an environment variable, a file that cannot be read.
    package let line: Int
    package let wording: Wording
    /// True if everything runs all the same.
    package let isWarning: Bool

    package init(file: String, line: Int, wording: Wording, isWarning: Bool = false) {
        self.file = file
        self.line = line
        self.wording = wording
        self.isWarning = isWarning
    }

    /// In English, as logs and programs have it.
    package var message: String { wording.english }

    /// `file:line: message`, in English.
    package var description: String { text(.en) }

    /// `file:line: message`, for whoever reads `locale`.
    package func text(_ locale: DutyclockConfiguration.Locale) -> String { placed.pick(locale) }

    /// `file:line: message` in both languages.
    package var placed: Wording { wording.after(line > 0 ? "\(file):\(line): " : "\(file): ") }

    package static func < (left: ConfigProblem, right: ConfigProblem) -> Bool {
        (left.file, left.line, left.message) < (right.file, right.line, right.message)
    }
}

/// What was read, and everything that is wrong with it.
package struct Loaded<Value> {
    /// As much as could be made of the input, for further checks; never to be run with.
    package let partial: Value?
    package let problems: [ConfigProblem]
    /// The language that the main file asks for; nil where it could not be read, or another file was.
    package let locale: DutyclockConfiguration.Locale?

    package init(
        _ partial: Value?,
        _ problems: [ConfigProblem],
        locale: DutyclockConfiguration.Locale? = nil
    ) {
        self.partial = partial
        self.problems = problems
        self.locale = locale
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

    /// Both languages are asked for, so that no problem can be without one.
    func add(_ chinese: String, _ english: String, _ hint: Wording = .nothing, line: Int) {
        add(ConfigProblem(file: file, line: line, wording: Wording(chinese, english) + hint))
    }

    /// Why a file could not be read.
    var reason: Wording { problems.first?.wording ?? Wording("读不了", "cannot be read") }

    func add(_ problem: ConfigProblem) {
        if !problems.contains(problem) { problems.append(problem) }
    }
}

extension Wording {
    static let nothing = Wording("", "")

    /// The wording in the language of `locale`.
    package func pick(_ locale: DutyclockConfiguration.Locale) -> String {
        locale == .en ? english : chinese
    }

    /// With the same text in front of it in both languages: a place or a name.
    package func after(_ text: String) -> Wording { Wording(text + chinese, text + english) }

    static func + (left: Wording, right: Wording) -> Wording {
        Wording(left.chinese + right.chinese, left.english + right.english)
    }
}
