import Duty
import DutyConfig
import FoundationEssentials
import Mustache

/// Puts notifications into words, by the templates of one language.
package struct MessageRenderer: Sendable {
    let directory: String
    private(set) var templates: [String: MessageTemplate] = [:]
    private(set) var phrases = Phrases(.object([]))
    /// What was wrong when the files were read.
    private var problems: [ConfigProblem] = []

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

    /// The words by which the texts of messages of one code begin in brackets, such as 新诉求.
    ///
    /// Where they differ, the title of their rule; the code if there is none.
    func heading(_ members: [Notification], names: @escaping (PersonRef) -> String) -> String {
        guard let code = members.first?.code else { return "" }
        if let fixed = templates[code]?.heading { return fixed }
        let own = Set(members.map { MessageTemplate.heading(render($0, names: names).text) ?? "" })
        if own.count == 1, let words = own.first, !words.isEmpty { return words }
        let titles = Set(members.map { $0.values["ruleTitle"]?.string ?? "" })
        return titles.count == 1 ? titles.first.flatMap { $0.isEmpty ? nil : $0 } ?? code : code
    }

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
    package func validate() -> [ConfigProblem] {
        var found = problems
        for code in MessageCatalogue.codes where templates[code] == nil && !isBroken(code) {
            found.append(
                ConfigProblem(file: path(code), line: 1, wording: Wording("缺少这个模板", "missing template"))
            )
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
            problems.append(ConfigProblem(file: file, line: 1, wording: Wording("读不了", "cannot be read")))
            return
        }
        do {
            phrases = Phrases(try JSONReader.decode([UInt8](data)))
            problems += phrases.missing.map {
                ConfigProblem(file: file, line: 1, wording: Wording("缺少 \($0)", "missing \($0)"))
            }
        } catch {
            let line = data.prefix(error.offset).count { $0 == UInt8(ascii: "\n") } + 1
            problems.append(
                ConfigProblem(
                    file: file,
                    line: line,
                    wording: Wording("不是 JSON(\(error.reason))", error.reason)
                )
            )
        }
    }

    private mutating func readTemplate(_ file: String, code: String) {
        guard let data = FileManager.default.contents(atPath: path(code)),
            let source = String(validating: data, as: UTF8.self)
        else {
            problems.append(
                ConfigProblem(
                    file: path(code),
                    line: 1,
                    wording: Wording("读不了,或不是 UTF-8 文本", "cannot be read as UTF-8")
                )
            )
            return
        }
        do {
            templates[code] = try MessageTemplate(source)
        } catch {
            let parser = error as? MustacheTemplate.ParserError
            let place = TemplateScanner.tags(source).last?.line ?? 1
            let reason = parser.map { "\($0.error)" } ?? "cannot be parsed"
            problems.append(
                ConfigProblem(
                    file: path(code),
                    line: place,
                    wording: Wording("模板语法有误,请检查 {{ }} 是否成对(\(reason))", "parse error: \(reason)")
                )
            )
        }
    }

    // MARK: Checking

    private func check(_ code: String, _ template: MessageTemplate) -> [ConfigProblem] {
        guard MessageCatalogue.codes.contains(code) else {
            return [
                ConfigProblem(
                    file: path(code),
                    line: 1,
                    wording: Wording("没有这个消息代码", "unknown message code"),
                    isWarning: true
                )
            ]
        }
        return TemplateScanner.tags(template.source).compactMap { problem($0, code) }
            + checkText(code, template)
    }

    private func problem(_ tag: TemplateTag, _ code: String) -> ConfigProblem? {
        switch tag.sign {
        case nil, "#", "^", "/":
            guard !MessageCatalogue.placeholders.contains(tag.name) else { return nil }
            return ConfigProblem(
                file: path(code),
                line: tag.line,
                wording: Wording("没有占位符 \(tag.name)", "unknown placeholder \(tag.name)")
            )
        case "!": return nil
        default:
            return ConfigProblem(
                file: path(code),
                line: tag.line,
                wording: Wording("这里不能用这种标签", "this kind of tag is not used here")
            )
        }
    }

    private func checkText(_ code: String, _ template: MessageTemplate) -> [ConfigProblem] {
        let (title, text) = template.render(
            DisplayFields(phrases: phrases, names: { _ in "欧阳某某某" }).fields(
                of: MessageCatalogue.longest(code)
            )
        )
        var found: [ConfigProblem] = []
        if title.isEmpty {
            found.append(ConfigProblem(file: path(code), line: 1, wording: Wording("标题是空的", "empty title")))
        }
        if text.isEmpty {
            found.append(ConfigProblem(file: path(code), line: 2, wording: Wording("正文是空的", "empty text")))
        }
        let limit = MessageRenderer.shortMessageLimit(template)
        if text.count > limit {
            let wording = Wording(
                "最长可达 \(text.count) 个字符,一条短信只有 \(limit) 个",
                "up to \(text.count) characters, a text message of one part has \(limit)"
            )
            found.append(ConfigProblem(file: path(code), line: 2, wording: wording, isWarning: true))
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
