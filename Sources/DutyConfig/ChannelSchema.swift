import Duty

/// What the configuration of one type of channel may hold; the module that sends gives one for each type.
package struct ChannelSchema: Sendable {
    /// One key beside those that every channel has.
    package struct Key: Sendable {
        package enum Form: Sendable {
            case text
            /// `{file: …}`, `{env: …}` or `{credential: …}`, never a literal.
            case secret
            /// An http or https address; a secret if it holds a token, and kept like one in any case.
            case url
            case integer(ClosedRange<Int64>)
            case word([String])
            /// Several texts, at least one.
            case list
            /// Names of the user's own choice → texts.
            case map
            /// Message code → template of a provider, filled with some of these `variables`.
            case templates(variables: Set<String>)
        }

        package let name: String
        package let form: Form
        package let isRequired: Bool
        /// What is wrong with a text or secret, said without its value; nil if nothing is.
        package let mistake: @Sendable (String) -> Wording?

        package init(
            _ name: String,
            _ form: Form,
            isRequired: Bool = true,
            mistake: @escaping @Sendable (String) -> Wording? = { _ in nil }
        ) {
            self.name = name
            self.form = form
            self.isRequired = isRequired
            self.mistake = mistake
        }
    }

    /// The value of `type` (`wecom-robot`).
    package let word: String
    package let keys: [Key]
    /// Whether a person needs an address of their own to be reached.
    package let needsAddress: Bool
    /// Whether there is an address whose scheme, host and port `endpoint` can replace.
    package let hasEndpoint: Bool
    /// What holds where the file says nothing.
    package let limits: ChannelLimits
    /// How long a text may be; nil: as long as it is.
    package let text: TextSize?
    /// Where the provider keeps the texts: how long what fills them may be, and all of it together.
    package let values: ValueSize?

    /// A length as a provider counts it.
    package enum TextSize: Hashable, Sendable {
        /// Of UTF-8.
        case bytes(Int)
        /// Unicode scalars.
        case characters(Int)

        package var limit: Int {
            switch self {
            case .bytes(let limit), .characters(let limit): limit
            }
        }

        package var unit: Wording {
            switch self {
            case .bytes: Wording("字节", "bytes")
            case .characters: Wording("个字符", "characters")
            }
        }

        package func count(_ text: String) -> Int {
            switch self {
            case .bytes: text.utf8.count
            case .characters: text.unicodeScalars.count
            }
        }
    }

    /// How many characters of each value, and of all of them, a provider takes.
    package struct ValueSize: Hashable, Sendable {
        package let each: Int
        package let together: Int

        package init(each: Int, together: Int = .max) {
            self.each = each
            self.together = together
        }
    }

    package init(
        _ word: String,
        keys: [Key] = [],
        needsAddress: Bool,
        hasEndpoint: Bool = true,
        limits: ChannelLimits = ChannelLimits(),
        text: TextSize? = nil,
        values: ValueSize? = nil
    ) {
        self.word = word
        self.text = text
        self.values = values
        self.keys = keys
        self.needsAddress = needsAddress
        self.hasEndpoint = hasEndpoint
        self.limits = limits
    }
}

/// How hard a channel may be used.
package struct ChannelLimits: Hashable, Sendable {
    /// `count` messages in each `per`.
    package struct Rate: Hashable, Sendable {
        package let count: Int
        package let per: Span

        package init(_ count: Int, per: Span) {
            self.count = count
            self.per = per
        }
    }

    /// When messages of one kind to one recipient become one message.
    package struct Grouping: Hashable, Sendable {
        /// Up to so many are told one by one; 0: all of them.
        package var over = 5
        /// Only what was decided so close together counts as many.
        package var within: Span = .minutes(3)

        package init(over: Int = 5, within: Span = .minutes(3)) {
            self.over = over
            self.within = within
        }

        /// For programs, which want each message by its key.
        package static let never = Grouping(over: 0)
    }

    /// Tries on this channel for one message.
    package struct Retry: Hashable, Sendable {
        /// The first one included.
        package var attempts = 4
        /// The longest wait after the first failure; it doubles with each further one.
        package var base: Span = .seconds(2)
        package var cap: Span = .seconds(60)

        package init() {}
    }

    /// For one attempt.
    package var timeout: Span = .seconds(10)
    /// Attempts under way at a time.
    package var concurrency = 64
    /// For the whole channel, all of them at once; empty: no limit.
    package var budget: [Rate] = []
    /// For each person on this channel, all of them at once; empty: no limit.
    package var personBudget: [Rate] = []
    /// For each person with each template, all of them at once; empty: no limit.
    package var templateBudget: [Rate] = []
    /// How long a breach waits for its turn before another channel takes it.
    package var patience: Span = .seconds(60)
    package var grouping = Grouping()
    /// Characters that the text of a message made of several may have.
    package var digestLength = 600
    /// Whether messages that can wait keep clear of full and half hours, when providers throttle.
    package var keepsClear = true
    package var retry = Retry()

    package init(
        timeout: Span = .seconds(10),
        concurrency: Int = 64,
        budget: [Rate] = [],
        personBudget: [Rate] = [],
        templateBudget: [Rate] = [],
        grouping: Grouping = Grouping(),
        digestLength: Int = 600,
        keepsClear: Bool = true,
        attempts: Int = 4
    ) {
        self.timeout = timeout
        self.concurrency = concurrency
        self.budget = budget
        self.personBudget = personBudget
        self.templateBudget = templateBudget
        self.grouping = grouping
        self.digestLength = digestLength
        self.keepsClear = keepsClear
        retry.attempts = attempts
    }
}
