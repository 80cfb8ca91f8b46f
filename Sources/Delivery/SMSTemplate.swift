import Duty
import DutyConfig

/// Messages whose text the provider keeps: by the message's code, filled with some of its values.
struct SMSTemplate {
    /// How text messages leave, whoever carries them: what providers allow for one number and one template, and up
    /// to the length that is billed as one.
    static let limits = ChannelLimits(
        concurrency: 16,
        templateBudget: [ChannelLimits.Rate(1, per: .minutes(1)), ChannelLimits.Rate(30, per: .days(1))],
        digestLength: 70
    )

    /// What fills a template for which the file names nothing.
    static let usual = ["enterpriseName", "number", "due"]

    /// What a template may be filled with: everything a text may show, except a way to answer.
    static let variables = MessageCatalogue.placeholders.subtracting(["link"])

    /// The key that all of these channels have.
    static let key = ChannelSchema.Key("templates", .templates(variables: variables))

    /// Characters of one value, at every provider.
    static let valueLimit = 35

    static let missing = SendOutcome.failed(code: "template", reason: "no template for this message")
    static let noAddress = SendOutcome.failed(code: "address", reason: "the recipient has no number here")

    let id: String
    /// In the order of the file; no value is empty, a link, or longer than providers allow.
    let values: [(name: String, value: String)]

    /// Nil if there is no template for the message.
    init?(
        _ message: OutgoingMessage,
        _ templates: [String: ChannelConfiguration.Template],
        limit: Int = valueLimit
    ) {
        guard let template = templates[message.notification.code] else { return nil }
        id = template.id
        values = (template.variables ?? SMSTemplate.usual).map { name in
            (name, SMSTemplate.value(message.fields[name], limit))
        }
    }

    /// Providers refuse empty values and links; a dash says that there is nothing.
    private static func value(_ text: String?, _ limit: Int) -> String {
        guard let text, !text.isEmpty, !text.contains("://"), !text.lowercased().contains("www.") else {
            return "-"
        }
        let line = String(text.map { $0.isNewline ? " " : $0 })
        return TextLimit.scalars(line, limit)
    }

    /// The values as a JSON object.
    var json: String {
        JSONWriter.text(.object(values.map { Value.Member($0.name, .string($0.value)) }))
    }
}
