import Duty

/// Reads one entry of `channels` by the schema of its type.
struct ChannelReader {
    let schemas: [ChannelSchema]
    let secrets: SecretReader

    func channel(_ name: String, _ node: YAMLNode) -> ChannelConfiguration? {
        guard YAMLNode.isName(name) else {
            return node.failed(
                "渠道名只能用字母、数字、点、短横和下划线",
                "a channel's name must be letters, digits, dots, dashes or underscores"
            )
        }
        return node.mapping { map in
            guard let word = map.required("type")?.word(of: schemas.map(\.word)),
                let schema = schemas.first(where: { $0.word == word })
            else {
                // The keys of a type that cannot be read are not called unknown.
                _ = map.allMembers()
                return nil
            }
            var channel = ChannelConfiguration(name: name, schema: schema)
            for key in schema.keys {
                let node = key.isRequired ? map.required(key.name) : map[key.name]
                channel.values[key.name] = node.flatMap { value(key, $0) }
            }
            if schema.hasEndpoint { channel.endpoint = map["endpoint"]?.url() }
            readLimits(map, &channel.limits)
            return channel
        }
    }

    // MARK: Values

    private func value(_ key: ChannelSchema.Key, _ node: YAMLNode) -> ChannelConfiguration.Value? {
        switch key.form {
        case .text: checked(node.text(), key, node).map { .text($0) }
        case .secret: secret(secrets.secret(node), key, node)
        case .url: secret(url(node), key, node)
        case .integer(let range): node.integer(in: range).map { .integer($0) }
        case .word(let words): node.word(of: words).map { .text($0) }
        case .list: texts(node).map { .list($0) }
        case .map:
            .map(
                Dictionary(node.members().compactMap { name, node in node.text().map { (name, $0) } }) { $1 }
            )
        case .templates(let variables): .templates(templates(node, variables))
        }
    }

    private func checked(_ text: String?, _ key: ChannelSchema.Key, _ node: YAMLNode) -> String? {
        guard let text, let mistake = key.mistake(text) else { return text }
        return node.failed(mistake)
    }

    /// What is not here cannot be looked at.
    private func secret(
        _ secret: Secret?,
        _ key: ChannelSchema.Key,
        _ node: YAMLNode
    ) -> ChannelConfiguration.Value? {
        guard let secret, !secret.isAbsent else { return secret.map { .secret($0) } }
        return checked(secret.reveal(), key, node).map { .secret(Secret($0)) }
    }

    private func url(_ node: YAMLNode) -> Secret? {
        node.isMapping ? secrets.secret(node) : node.url().map { Secret($0) }
    }

    private func texts(_ node: YAMLNode) -> [String]? {
        let items = node.list()
        if node.isList, items.isEmpty { return node.failed("列表是空的,请至少写一项", "is an empty list") }
        return items.compactMap { $0.text() }
    }

    private func templates(
        _ node: YAMLNode,
        _ variables: Set<String>
    ) -> [String: ChannelConfiguration.Template] {
        var templates: [String: ChannelConfiguration.Template] = [:]
        for (code, value) in node.members() {
            templates[code] = value.isMapping ? value.mapping { template($0, variables) } : plain(value)
        }
        return templates
    }

    private func plain(_ node: YAMLNode) -> ChannelConfiguration.Template? {
        node.text().map { ChannelConfiguration.Template($0) }
    }

    private func template(_ map: YAMLMapping, _ known: Set<String>) -> ChannelConfiguration.Template? {
        let id = map.required("id")?.text()
        let variables = map["variables"]?.list().compactMap { $0.word(of: known.sorted()) }
        return id.map { ChannelConfiguration.Template($0, variables: variables) }
    }

    // MARK: Limits

    private func readLimits(_ map: YAMLMapping, _ limits: inout ChannelLimits) {
        if let node = map["timeout"], let timeout = node.span() {
            if timeout > .zero, timeout <= .minutes(10) {
                limits.timeout = timeout
            } else {
                node.fail("须大于 0,不超过 10m", "must be more than 0 and at most 10m")
            }
        }
        limits.concurrency = map["concurrency"]?.integer(in: 1...1_024).map(Int.init) ?? limits.concurrency
        _ = map.section("budget").mapping { budget in
            limits.budget = budget["channel"].map(rates) ?? limits.budget
            limits.personBudget = budget["person"].map(rates) ?? limits.personBudget
            limits.templateBudget = budget["template"].map(rates) ?? limits.templateBudget
            limits.patience = budget["patience"].flatMap(patience) ?? limits.patience
        }
        _ = map.section("grouping").mapping { grouping in
            limits.grouping.over =
                grouping["over"]?.integer(in: 0...1_000).map(Int.init) ?? limits.grouping.over
            limits.grouping.within = grouping["within"]?.span() ?? limits.grouping.within
        }
        _ = map.section("retry").mapping { retry in
            limits.retry.attempts =
                retry["attempts"]?.integer(in: 1...100).map(Int.init) ?? limits.retry.attempts
            limits.retry.base = retry["base"]?.span() ?? limits.retry.base
            limits.retry.cap = retry["cap"]?.span() ?? limits.retry.cap
        }
    }

    private func patience(_ node: YAMLNode) -> Span? {
        guard let span = node.span() else { return nil }
        return span > .zero && span <= .hours(1)
            ? span : node.failed("须大于 0,不超过 1h", "must be more than 0 and at most 1h")
    }

    private func rates(_ node: YAMLNode) -> [ChannelLimits.Rate] {
        if node.isList, node.list().isEmpty { node.fail("列表是空的,请至少写一项", "is an empty list") }
        return (node.isFromEnvironment ? node.list() : node.oneOrMany()).compactMap(rate)
    }

    /// `18/1m`: so many in each such time.
    private func rate(_ node: YAMLNode) -> ChannelLimits.Rate? {
        guard let text = node.text() else { return nil }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count),
            let per = TimeText.span(parts[1]), per > .zero
        else {
            return node.failed(
                "须是 18/1m 这样的“条数/时间”,现为“\(text)”",
                "must be a count and a time such as 18/1m, is \"\(text)\""
            )
        }
        return ChannelLimits.Rate(count, per: per)
    }
}
