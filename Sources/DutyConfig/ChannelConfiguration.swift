import Duty

/// One channel of the configuration, by which messages leave.
package struct ChannelConfiguration: Sendable {
    /// The types of channel there are, by their words in the file.
    package enum Kind: String, Sendable, CaseIterable {
        case console, webhook
        case wecomRobot = "wecom-robot"
        case wecomApp = "wecom-app"
        case dingtalkRobot = "dingtalk-robot"
        case feishuRobot = "feishu-robot"
        case smsAliyun = "sms-aliyun"
        case smsTencent = "sms-tencent"
        case voiceAliyun = "voice-aliyun"
        case email, command, kafka

        /// The others are known words whose time has not come.
        package var isAvailable: Bool { self == .console || self == .webhook }

        /// Whether a person needs an address of their own; a web hook names them by their reference.
        package var needsAddress: Bool {
            switch self {
            case .wecomApp, .smsAliyun, .smsTencent, .voiceAliyun, .email: true
            case .console, .webhook, .wecomRobot, .dingtalkRobot, .feishuRobot, .command, .kafka: false
            }
        }
    }

    /// `count` messages in each `per`.
    package struct Rate: Hashable, Sendable {
        package let count: Int
        package let per: Span
    }

    /// Tries on this channel for one message.
    package struct Retry: Hashable, Sendable {
        /// The first one included.
        package var attempts = 4
        /// The longest wait after the first failure; it doubles with each further one.
        package var base: Span = .seconds(2)
        package var cap: Span = .seconds(60)
    }

    package let name: String
    package let kind: Kind
    /// Where a web hook posts to; it may hold a token, so it is kept like a secret.
    package var url: Secret?
    package var secret: Secret?
    /// Replaces scheme, host and port of the address.
    package var endpoint: String?
    package var timeout: Span = .seconds(10)
    /// Attempts under way at a time.
    package var concurrency = 64
    /// For the whole channel; nil: no limit.
    package var budget: Rate?
    /// For each person on this channel; nil: no limit.
    package var personBudget: Rate?
    package var retry = Retry()

    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }

    /// The address with `endpoint` in place of its scheme, host and port.
    package var target: Secret? {
        guard let url, let endpoint else { return url }
        let parts = url.reveal().split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        var base = endpoint
        while base.last == "/" { base.removeLast() }
        return Secret(base + (parts.count > 3 ? "/" + parts[3] : ""))
    }
}

/// Reads one entry of `channels`.
struct ChannelReader {
    let secrets: SecretReader

    func channel(_ name: String, _ node: YAMLNode) -> ChannelConfiguration? {
        guard YAMLNode.isName(name) else {
            return node.failed("a channel's name must be letters, digits, dots, dashes or underscores")
        }
        return node.mapping { map in
            guard let type = map.required("type"), let kind = type.word(ChannelConfiguration.Kind.self) else {
                allowEverything(map)
                return nil
            }
            guard kind.isAvailable else {
                type.fail("\"\(kind.rawValue)\" is not in this version; use console or webhook")
                allowEverything(map)
                return nil
            }
            var channel = ChannelConfiguration(name: name, kind: kind)
            if kind == .webhook { readWebhook(map, &channel) }
            readLimits(map, &channel)
            return channel
        }
    }

    /// The keys of a type that cannot be read are not called unknown.
    private func allowEverything(_ map: YAMLMapping) { _ = map.allMembers() }

    private func readWebhook(_ map: YAMLMapping, _ channel: inout ChannelConfiguration) {
        if let url = map.required("url") {
            channel.url = url.isMapping ? secrets.secret(url) : url.url().map { Secret($0) }
        }
        channel.secret = map.required("secret").flatMap { secrets.secret($0) }
        channel.endpoint = map["endpoint"]?.url()
    }

    private func readLimits(_ map: YAMLMapping, _ channel: inout ChannelConfiguration) {
        if let node = map["timeout"], let timeout = node.span() {
            if timeout > .zero, timeout <= .minutes(10) {
                channel.timeout = timeout
            } else {
                node.fail("must be more than 0 and at most 10m")
            }
        }
        channel.concurrency = map["concurrency"]?.integer(in: 1...1_024).map(Int.init) ?? channel.concurrency
        _ = map.section("budget").mapping { budget in
            channel.budget = budget["channel"].flatMap(rate)
            channel.personBudget = budget["person"].flatMap(rate)
        }
        _ = map.section("retry").mapping { retry in
            channel.retry.attempts = retry["attempts"]?.integer(in: 1...100).map(Int.init) ?? 4
            channel.retry.base = retry["base"]?.span() ?? channel.retry.base
            channel.retry.cap = retry["cap"]?.span() ?? channel.retry.cap
        }
    }

    /// `18/1m`: so many in each such time.
    private func rate(_ node: YAMLNode) -> ChannelConfiguration.Rate? {
        guard let text = node.text() else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
            let per = TimeText.span(parts[1]), per > .zero
        else { return node.failed("must be a count and a time such as 18/1m, is \"\(text)\"") }
        return ChannelConfiguration.Rate(count: count, per: per)
    }
}
