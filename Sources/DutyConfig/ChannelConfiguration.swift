import Duty

/// One channel of the configuration, by which messages leave.
package struct ChannelConfiguration: Hashable, Sendable {
    /// The value of a key of the channel's type.
    package enum Value: Hashable, Sendable {
        case text(String)
        case secret(Secret)
        case integer(Int64)
        case list([String])
        case map([String: String])
        case templates([String: Template])
    }

    /// A text that is kept with a provider and filled in there.
    package struct Template: Hashable, Sendable {
        package let id: String
        /// The placeholders that fill it, in its own order; nil: those of the channel.
        package let variables: [String]?

        package init(_ id: String, variables: [String]? = nil) {
            self.id = id
            self.variables = variables
        }
    }

    /// A required value is not there; the reader of the file does not let this happen.
    package struct Missing: Error, CustomStringConvertible {
        let channel: String
        let key: String

        package init(channel: String, key: String) {
            self.channel = channel
            self.key = key
        }

        package var description: String { "channels.\(channel): \"\(key)\" is missing" }
    }

    package let name: String
    /// The word of its type (`wecom-robot`).
    package let type: String
    /// Whether a person needs an address of their own to be reached; a web hook names them by their reference.
    package let needsAddress: Bool
    /// By the names of the schema's keys.
    package var values: [String: Value] = [:]
    /// Replaces scheme, host and port of the address.
    package var endpoint: String?
    package var limits: ChannelLimits
    /// How long a text may be, and what fills the provider's own; nil: as long as it is.
    package let textSize: ChannelSchema.TextSize?
    package let valueSize: ChannelSchema.ValueSize?

    package init(name: String, schema: ChannelSchema) {
        self.name = name
        type = schema.word
        needsAddress = schema.needsAddress
        limits = schema.limits
        textSize = schema.text
        valueSize = schema.values
    }

    /// The text of a key, a secret or an address in the clear; nil if it is not there.
    package func text(_ key: String) -> String? {
        switch values[key] {
        case .text(let text): text
        case .secret(let secret): secret.reveal()
        case .integer(let number): String(number)
        default: nil
        }
    }

    /// The text of a required key.
    ///
    /// - Throws: `Missing`.
    package func required(_ key: String) throws -> String {
        guard let text = text(key) else { throw Missing(channel: name, key: key) }
        return text
    }

    package func integer(_ key: String) -> Int64? {
        if case .integer(let number) = values[key] { number } else { nil }
    }

    package func list(_ key: String) -> [String] {
        if case .list(let texts) = values[key] { texts } else { [] }
    }

    package func map(_ key: String) -> [String: String] {
        if case .map(let texts) = values[key] { texts } else { [:] }
    }

    package func templates(_ key: String) -> [String: Template] {
        if case .templates(let templates) = values[key] { templates } else { [:] }
    }

    /// The codes that this channel has a template for; nil if it needs none to speak.
    package var templateCodes: Set<String>? {
        for case .templates(let templates) in values.values { return Set(templates.keys) }
        return nil
    }

    /// `url` with `endpoint` in place of its scheme, host and port.
    package func target(_ url: String) -> String {
        guard var base = endpoint else { return url }
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        while base.last == "/" { base.removeLast() }
        return base + (parts.count > 3 ? "/" + parts[3] : "")
    }
}
