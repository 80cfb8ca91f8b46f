import Duty
import FoundationEssentials
import Mustache

/// What is wrong with a file of the templates folder.
package struct TemplateProblem: Hashable, Sendable, CustomStringConvertible {
    package let file: String
    package let line: Int
    package let message: String
    /// True if the message can be sent all the same.
    package let isWarning: Bool

    package init(file: String, line: Int, message: String, isWarning: Bool = false) {
        self.file = file
        self.line = line
        self.message = message
        self.isWarning = isWarning
    }

    package var description: String { "\(file):\(line): \(isWarning ? "warning: " : "")\(message)" }
}

/// Puts notifications into words, by the templates of one language.
package struct MessageRenderer: Sendable {
    let directory: String
    private(set) var templates: [String: MessageTemplate] = [:]
    private(set) var phrases = Phrases(.object([]))
    /// What was wrong when the files were read.
    private var problems: [TemplateProblem] = []

    /// Reads the templates and `phrases.json` of a folder.
    ///
    /// What cannot be read is left out, and `validate()` says so.
    package init(directory: String) {
        self.directory = directory
        readPhrases()
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        for file in files.sorted() where file.hasSuffix(".mustache") {
            readTemplate(file, code: String(file.dropLast(".mustache".count)))
        }
    }

    /// The title and the text of a notification.
    ///
    /// A value that is missing is left empty; a code without a template gives its number and the matter's, so
    /// that nothing is ever silent.
    package func render(
        _ notification: Notification,
        names: @escaping (PersonRef) -> String
    ) -> (title: String, text: String) {
        let fallback = "\(notification.code) \(notification.matter.number)"
        guard let template = templates[notification.code] else { return (notification.code, fallback) }
        let fields = DisplayFields(phrases: phrases, names: names).fields(of: notification)
        let (title, text) = template.render(fields)
        return (title.isEmpty ? notification.code : shortened(title), text.isEmpty ? fallback : text)
    }

    /// What a template may show of a notification, by the names of the placeholders.
    package func fields(
        _ notification: Notification,
        names: @escaping (PersonRef) -> String
    ) -> [String: String] {
        DisplayFields(phrases: phrases, names: names).fields(of: notification)
    }

    /// The words by which the text of a code begins in brackets, such as 新诉求; the code if there are none.
    func heading(_ code: String) -> String { templates[code]?.heading ?? code }

    func hasTemplate(_ code: String) -> Bool { templates[code] != nil }

    func list(_ words: [String]) -> String { phrases.list(words) }

    /// One line of a list of messages: which matter, and until when.
    func item(_ notification: Notification) -> String {
        let fields = fields(notification) { $0.text }
        let name = fields["number"] ?? fields["ruleTitle"] ?? fields["enterpriseName"] ?? notification.code
        return fields["due"].map { "\(name) \($0)" } ?? name
    }

    /// Titles of cards end after 26 characters (WeCom, `main_title`).
    private func shortened(_ title: String) -> String {
        title.count > 26 ? title.prefix(25) + "…" : title
    }

    /// The placeholders of the template that `notification` has no value for, outside of any section.
    package func missingValues(_ notification: Notification) -> [String] {
        guard let template = templates[notification.code] else { return [] }
        let fields = DisplayFields(phrases: phrases, names: { $0.text }).fields(of: notification)
        let used = TemplateScanner.tags(template.source).filter { $0.sign == nil && !$0.isConditional }
        return Set(used.map(\.name)).subtracting(fields.keys).sorted()
    }

    /// Everything that is wrong with the folder, sorted by file and line; empty means good.
    ///
    /// Every message is rendered with the longest data that is to be expected.
    package func validate() -> [TemplateProblem] {
        var found = problems
        for code in MessageCatalogue.codes where templates[code] == nil && !isBroken(code) {
            found.append(TemplateProblem(file: path(code), line: 1, message: "missing template"))
        }
        for (code, template) in templates { found += check(code, template) }
        return found.sorted { ($0.file, $0.line, $0.message) < ($1.file, $1.line, $1.message) }
    }

    private func isBroken(_ code: String) -> Bool { problems.contains { $0.file == path(code) } }

    func path(_ code: String) -> String { "\(directory)/\(code).mustache" }

    // MARK: Reading

    private mutating func readPhrases() {
        let file = directory + "/phrases.json"
        guard let data = FileManager.default.contents(atPath: file) else {
            problems.append(TemplateProblem(file: file, line: 1, message: "cannot be read"))
            return
        }
        do {
            phrases = Phrases(try JSONReader.decode([UInt8](data)))
            problems += phrases.missing.map { TemplateProblem(file: file, line: 1, message: "missing \($0)") }
        } catch {
            let line = data.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
            problems.append(TemplateProblem(file: file, line: line, message: error.reason))
        }
    }

    private mutating func readTemplate(_ file: String, code: String) {
        guard let data = FileManager.default.contents(atPath: path(code)),
            let source = String(validating: data, as: UTF8.self)
        else {
            problems.append(TemplateProblem(file: path(code), line: 1, message: "cannot be read as UTF-8"))
            return
        }
        do {
            templates[code] = try MessageTemplate(source)
        } catch {
            let parser = error as? MustacheTemplate.ParserError
            let place = TemplateScanner.tags(source).last?.line ?? 1
            let reason = parser.map { "\($0.error)" } ?? "cannot be parsed"
            problems.append(TemplateProblem(file: path(code), line: place, message: "parse error: \(reason)"))
        }
    }

    // MARK: Checking

    private func check(_ code: String, _ template: MessageTemplate) -> [TemplateProblem] {
        guard MessageCatalogue.codes.contains(code) else {
            return [
                TemplateProblem(file: path(code), line: 1, message: "unknown message code", isWarning: true)
            ]
        }
        return TemplateScanner.tags(template.source).compactMap { problem($0, code) }
            + checkText(code, template)
    }

    private func problem(_ tag: TemplateTag, _ code: String) -> TemplateProblem? {
        switch tag.sign {
        case nil, "#", "^", "/":
            guard !MessageCatalogue.placeholders.contains(tag.name) else { return nil }
            return TemplateProblem(
                file: path(code),
                line: tag.line,
                message: "unknown placeholder \(tag.name)"
            )
        case "!": return nil
        default:
            return TemplateProblem(
                file: path(code),
                line: tag.line,
                message: "this kind of tag is not used here"
            )
        }
    }

    private func checkText(_ code: String, _ template: MessageTemplate) -> [TemplateProblem] {
        let (title, text) = template.render(
            DisplayFields(phrases: phrases, names: { _ in "欧阳某某某" }).fields(
                of: MessageCatalogue.longest(code)
            )
        )
        var found: [TemplateProblem] = []
        if title.isEmpty { found.append(TemplateProblem(file: path(code), line: 1, message: "empty title")) }
        if text.isEmpty { found.append(TemplateProblem(file: path(code), line: 2, message: "empty text")) }
        let limit = MessageRenderer.shortMessageLimit(template)
        if text.count > limit {
            let message = "up to \(text.count) characters, a text message of one part has \(limit)"
            found.append(TemplateProblem(file: path(code), line: 2, message: message, isWarning: true))
        }
        return found
    }

    /// What one part of a text message holds: 160 characters of the GSM alphabet, else 70.
    ///
    /// The language of the template decides; the names in it are not known here.
    private static func shortMessageLimit(_ template: MessageTemplate) -> Int {
        template.source.utf8.allSatisfy { $0 < 0x80 } ? 160 : 70
    }
}
