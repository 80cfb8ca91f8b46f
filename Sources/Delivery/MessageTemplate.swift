import Mustache

/// One message: the first line of the file is the title, the rest is the text.
struct MessageTemplate: Sendable {
    let source: String
    private let title: MustacheTemplate
    private let text: MustacheTemplate

    /// Nothing is escaped: the texts are no HTML.
    private static let plainText = "{{% CONTENT_TYPE: TEXT}}"

    /// Throws `MustacheTemplate.ParserError`.
    init(_ source: String) throws {
        self.source = source
        let (head, body) = MessageTemplate.parts(source)
        title = try MustacheTemplate(string: MessageTemplate.plainText + head)
        text = try MustacheTemplate(string: MessageTemplate.plainText + body)
    }

    /// What stands in the brackets with which the text begins, if that is the same for every message.
    var heading: String? {
        MessageTemplate.heading(MessageTemplate.parts(source).body).flatMap { $0.contains("{") ? nil : $0 }
    }

    /// What stands in the brackets with which a text begins.
    static func heading(_ text: String) -> String? {
        guard let first = text.first, let close = ["【": "】", "[": "]"][first] as Character?,
            let end = text.firstIndex(of: close)
        else { return nil }
        let words = text[text.index(after: text.startIndex)..<end]
        return words.isEmpty ? nil : String(words)
    }

    /// Title and text before rendering.
    static func parts(_ source: String) -> (head: String, body: String) {
        let end = source.firstIndex(where: \.isNewline) ?? source.endIndex
        return (String(source[..<end]), String(source[end...].drop(while: \.isNewline)))
    }

    func render(_ fields: [String: String]) -> (title: String, text: String) {
        (trimmed(title.render(fields)), trimmed(text.render(fields)))
    }

    private func trimmed(_ text: String) -> String {
        let start = text.drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}
