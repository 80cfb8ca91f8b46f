import Duty

/// Reads the sections of the main configuration file.
struct DutyclockConfigurationReader {
    let path: String
    let channelTypes: [ChannelSchema]
    let secrets: SecretReader

    func read(_ root: YAMLNode) -> DutyclockConfiguration? {
        root.mapping { map in
            var configuration = DutyclockConfiguration(file: path)
            configuration.kafka = kafka(map.section("kafka"))
            configuration.store = map.section("store").mapping(store) ?? configuration.store
            configuration.policy = map.required("policy").flatMap(presentFile) ?? ""
            configuration.directory = map.required("directory").flatMap(presentFile) ?? ""
            configuration.calendar = map.required("calendar").flatMap(presentFile) ?? ""
            configuration.templates = map.required("templates").flatMap(folder) ?? ""
            configuration.locale = map["locale"]?.word(DutyclockConfiguration.Locale.self) ?? .zhCN
            let names = readChannels(map.required("channels"), &configuration)
            refuseLoops(map["channels"], configuration)
            readRouting(map.required("routing"), names, &configuration)
            configuration.quietHours =
                map.section("quietHours").mapping(QuietHoursReader(channels: names).quietHours)
                ?? configuration.quietHours
            configuration.quietHoursLine = map["quietHours"]?.line ?? 0
            configuration.shadow = map["shadow"]?.flag() ?? false
            configuration.http = http(map.section("http"))
            configuration.log = map.section("log").mapping(logging) ?? configuration.log
            configuration.retention = map.section("retention").mapping(retention) ?? configuration.retention
            return configuration
        }
    }

    // MARK: Kafka and the store

    private func kafka(_ node: YAMLNode) -> DutyclockConfiguration.Kafka {
        var kafka = DutyclockConfiguration.Kafka()
        _ = node.mapping { map in
            readProperties(map.section("properties"), &kafka)
            _ = map.section("topics").mapping { topics in
                if let intake = topics["intake"] { kafka.intake = names(intake) }
                kafka.outcomes = topics["outcomes"]?.name() ?? kafka.outcomes
                kafka.deadLetters = topics["deadLetters"]?.name() ?? kafka.deadLetters
                refuseCircles(topics, kafka)
            }
            kafka.createsTopics = map["createTopics"]?.flag() ?? false
        }
        return kafka
    }

    /// A topic that is read and written would feed itself: a dead letter is a dead letter again, for ever.
    private func refuseCircles(_ topics: YAMLMapping, _ kafka: DutyclockConfiguration.Kafka) {
        for (key, name) in [("outcomes", kafka.outcomes), ("deadLetters", kafka.deadLetters)]
        where kafka.intake.contains(name) {
            (topics[key] ?? topics["intake"])?.fail(
                "“\(name)”是接收事件的主题,服务写出的内容须另用一个主题",
                "\"\(name)\" is read as intake; what the daemon writes needs a topic of its own"
            )
        }
        if kafka.outcomes == kafka.deadLetters {
            (topics["deadLetters"] ?? topics["outcomes"])?.fail(
                "“\(kafka.deadLetters)”是结果主题,死信须另用一个主题",
                "\"\(kafka.deadLetters)\" is the topic of the outcomes; dead letters need one of their own"
            )
        }
    }

    /// At least one name, none twice.
    private func names(_ node: YAMLNode) -> [String] {
        var names: [String] = []
        let items = node.oneOrMany()
        if node.isList, items.isEmpty { node.fail("列表是空的,请至少写一项", "is an empty list") }
        for item in node.isFromEnvironment ? node.list() : items {
            guard let name = item.name() else { continue }
            if names.contains(name) { item.fail("“\(name)”重复", "\"\(name)\" is given twice") }
            names.append(name)
        }
        return names
    }

    private func readProperties(_ node: YAMLNode, _ kafka: inout DutyclockConfiguration.Kafka) {
        _ = node.mapping { map in
            for (name, value) in map.allMembers(addedKey: { dotted($0) }) {
                kafka.propertyPlaces[name] = DutyclockConfiguration.Place(file: value.file, line: value.line)
                if value.isMapping {
                    kafka.secretProperties[name] = secrets.secret(value)
                } else if isSecret(name), !value.isFromEnvironment {
                    value.fail(
                        "密钥不能直接写在文件里,请写成 \(SecretReader.forms.chinese)",
                        "a secret must not stand in the file; write \(SecretReader.forms.english)"
                    )
                } else if isSecret(name) {
                    kafka.secretProperties[name] = value.text().map { Secret($0) }
                } else {
                    kafka.properties[name] = value.text()
                }
            }
            if kafka.properties["bootstrap.servers"] == nil {
                node.fail(
                    "缺少 bootstrap.servers,请写成 主机:端口,或 embedded",
                    "\"bootstrap.servers\" is missing: host:port, or the word embedded"
                )
            }
        }
    }

    private func isSecret(_ property: String) -> Bool {
        property.hasSuffix("password") || property.hasSuffix("secret") || property.hasSuffix(".key.pem")
    }

    private func dotted(_ suffix: String) -> String {
        String(suffix.lowercased().map { $0 == "_" ? "." : $0 })
    }

    private func store(_ map: YAMLMapping) -> DutyclockConfiguration.Store? {
        guard let node = map.required("url"), let url = node.text() else { return nil }
        if url.hasPrefix("postgres:") || url.hasPrefix("postgresql:") {
            return node.failed(
                "本版本还不支持 PostgreSQL,请用 sqlite:///路径",
                "PostgreSQL is not in this build yet; use sqlite:///PATH"
            )
        }
        let form = Wording(
            "须是 sqlite:///绝对路径,或 sqlite:相对于本文件的路径",
            "must be sqlite:///ABSOLUTE/PATH or sqlite:PATH seen from this file"
        )
        guard url.hasPrefix("sqlite:") else { return node.failed(form) }
        var file = String(url.dropFirst("sqlite:".count))
        if file.hasPrefix("///") { file.removeFirst(2) }
        guard !file.isEmpty, !file.hasPrefix("//"), !file.hasPrefix(":"), file.last != "/" else {
            return node.failed(form)
        }
        return .sqlite(path: ConfigFiles.resolve(file, besideFile: path))
    }

    // MARK: Other files

    func file(_ node: YAMLNode) -> String? {
        node.text().map { ConfigFiles.resolve($0, besideFile: path) }
    }

    /// A file that is there.
    func presentFile(_ node: YAMLNode) -> String? {
        guard let path = file(node) else { return nil }
        return ConfigFiles.exists(path) ? path : node.failed("没有文件 \(path)", "\(path) does not exist")
    }

    private func folder(_ node: YAMLNode) -> String? {
        guard let folder = file(node) else { return nil }
        return ConfigFiles.isDirectory(folder)
            ? folder : node.failed("没有文件夹 \(folder)", "folder \(folder) does not exist")
    }

    // MARK: Channels and routing

    /// Returns the names of all channels, also of those with a mistake.
    private func readChannels(_ node: YAMLNode?, _ configuration: inout DutyclockConfiguration) -> [String] {
        let members = node?.members() ?? []
        let reader = ChannelReader(schemas: channelTypes, secrets: secrets)
        configuration.channels = members.compactMap { reader.channel($0.key, $0.value) }
        configuration.channelLines = Dictionary(members.map { ($0.key, $0.value.line) }) { first, _ in first }
        return members.map(\.key)
    }

    /// What is told by Kafka must not come back as an event.
    private func refuseLoops(_ node: YAMLNode?, _ configuration: DutyclockConfiguration) {
        for member in node?.members() ?? [] {
            guard let topic = configuration.channel(member.key)?.text("topic"),
                configuration.kafka.intake.contains(topic)
            else { continue }
            member.value.fail(
                "“\(topic)”是接收事件的主题,消息须另用一个主题",
                "topic \"\(topic)\" is read as intake; messages need a topic of their own"
            )
        }
    }

    private func readRouting(
        _ node: YAMLNode?,
        _ known: [String],
        _ configuration: inout DutyclockConfiguration
    ) {
        guard let node else { return }
        configuration.routingLine = node.line
        _ = node.mapping { map in
            for (name, value) in map.allMembers(addedKey: { $0.lowercased() }) {
                guard YAMLNode.isName(name) else {
                    value.fail("不能作消息类别的名字,只能用字母、数字、点、短横和下划线", "is no name of a class of messages")
                    continue
                }
                let names = names(value)
                for channel in names where !known.contains(channel) {
                    value.fail(
                        "没有渠道“\(channel)”",
                        "channel \"\(channel)\" does not exist",
                        Spelling.hint(channel, among: known)
                    )
                }
                configuration.routing[MessageClass(name)] = names
            }
        }
    }

    // MARK: HTTP, log, retention

    private func http(_ node: YAMLNode) -> DutyclockConfiguration.HTTP {
        var http = DutyclockConfiguration.HTTP()
        _ = node.mapping { map in
            if let listen = map["listen"], let (host, port) = address(listen) {
                http.host = host
                http.port = port
            }
            http.publicURL = map["publicURL"].flatMap(publicURL)
            http.linkSecret = map["linkSecret"].flatMap(linkSecret)
            _ = map.section("links").mapping { links in
                http.linkExpiry = links["expiry"].flatMap(atLeastOneDay) ?? http.linkExpiry
            }
            http.tls = tls(map.section("tls"))
            http.issuer = issuer(map.section("oidc"), publicURL: http.publicURL)
            http.session = session(map.section("session"))
            let tokens = map["tokens"]
            http.tokens = tokens.map(self.tokens) ?? []
            if let open = map["open"], let flag = open.flag() {
                http.isOpen = flag
                if flag, !isLoopback(http.host) {
                    open.fail(
                        "只有 http.listen 是本机回环地址时才允许,现为 \(http.host)",
                        "is only allowed when http.listen is a loopback address, not \(http.host)"
                    )
                }
                if flag {
                    for node in [tokens, map["oidc"]] {
                        node?.fail("http.open 为 true 时不起作用,两者只能留一个", "has no effect while http.open is true")
                    }
                }
            }
        }
        return http
    }

    /// Without the slash at its end: paths are put behind it.
    private func publicURL(_ node: YAMLNode) -> String? {
        guard var url = node.url() else { return nil }
        guard !url.contains("?"), !url.contains("#") else {
            return node.failed("不能带 ? 或 # 之后的部分", "must have neither a query nor a fragment")
        }
        while url.last == "/" { url.removeLast() }
        return url
    }

    /// Whoever guesses it can answer in anybody's name, so a short one is refused.
    private func linkSecret(_ node: YAMLNode) -> Secret? {
        guard let secret = secrets.secret(node) else { return nil }
        guard secret.isAbsent || secret.reveal().utf8.count >= 32 else {
            return node.failed("至少要有 32 个字符", "must have at least 32 characters")
        }
        return secret
    }

    private func tokens(_ node: YAMLNode) -> [TokenFile.Entry] {
        guard let path = presentFile(node) else { return [] }
        let loaded = TokenFile.load(path: path, secrets: secrets)
        for problem in loaded.problems { node.log.add(problem) }
        return loaded.partial?.entries ?? []
    }

    /// `host:port`; an IPv6 address stands in brackets.
    private func address(_ node: YAMLNode) -> (String, Int)? {
        guard let text = node.text() else { return nil }
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]),
            (0...65_535).contains(port)
        else { return node.failed("须是 主机:端口,现为“\(text)”", "must be HOST:PORT, is \"\(text)\"") }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard !host.isEmpty, !host.contains("/"), !host.contains(" ") else {
            return node.failed("须是 主机:端口,现为“\(text)”", "must be HOST:PORT, is \"\(text)\"")
        }
        return (host, port)
    }

    func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    private func logging(_ map: YAMLMapping) -> DutyclockConfiguration.Log {
        var log = DutyclockConfiguration.Log()
        log.level = map["level"]?.word(DutyclockConfiguration.Log.Level.self) ?? log.level
        log.format = map["format"]?.word(DutyclockConfiguration.Log.Format.self) ?? log.format
        log.environment = map["environment"]?.name() ?? log.environment
        return log
    }

    private func retention(_ map: YAMLMapping) -> DutyclockConfiguration.Retention {
        var retention = DutyclockConfiguration.Retention()
        retention.matters = map["matters"].flatMap(atLeastOneDay) ?? retention.matters
        retention.journal = map["journal"].flatMap(atLeastOneDay) ?? retention.journal
        return retention
    }

    private func atLeastOneDay(_ node: YAMLNode) -> Span? {
        guard let span = node.span() else { return nil }
        return span >= .days(1) ? span : node.failed("不能短于 1d", "must be at least 1d")
    }
}
