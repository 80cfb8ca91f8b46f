import Duty

/// Reads what `http` says about TLS, the issuer and sessions.
extension DutyclockConfigurationReader {
    typealias HTTP = DutyclockConfiguration.HTTP

    /// Nil without the section; the contents of both files are looked at where TLS is known.
    func tls(_ node: YAMLNode) -> HTTP.TLS? {
        node.mapping { map in
            guard map["certificate"] != nil || map["key"] != nil else { return nil }
            let certificate = map.required("certificate").flatMap(pem)
            let key = map.required("key").flatMap(secrets.secret)
            guard let certificate, let key else { return nil }
            return HTTP.TLS(certificate: certificate, key: key, line: node.line)
        }
    }

    private func pem(_ node: YAMLNode) -> String? {
        guard let path = file(node) else { return nil }
        let log = ProblemLog(file: path)
        guard let text = ConfigFiles.text(path: path, log: log) else {
            return node.failed(log.reason.after(path + " "))
        }
        return text
    }

    /// Nil without the section.
    func issuer(_ node: YAMLNode, publicURL: String?) -> HTTP.Issuer? {
        node.mapping { map in
            let keys = [
                "issuer", "audience", "clientId", "clientSecret", "roleClaim", "roles", "discipline",
                "personClaim",
            ]
            guard keys.contains(where: { map[$0] != nil }) else { return nil }
            let address = map.required("issuer").flatMap(issuerURL)
            let audience = map.required("audience")?.text()
            let roles = map.required("roles").map(roles) ?? [:]
            var issuer = HTTP.Issuer(issuer: address ?? "", audience: audience ?? "", roles: roles)
            readClient(map, &issuer, publicURL)
            issuer.roleClaim = map["roleClaim"]?.text() ?? issuer.roleClaim
            issuer.personClaim = map["personClaim"]?.text()
            issuer.discipline = map["discipline"]?.list().compactMap { $0.text() } ?? []
            return address == nil || audience == nil ? nil : issuer
        }
    }

    private func readClient(_ map: YAMLMapping, _ issuer: inout HTTP.Issuer, _ publicURL: String?) {
        let client = map["clientId"]
        issuer.clientID = client?.text()
        if publicURL == nil {
            client?.fail(
                "还需要 http.publicURL,登录后浏览器要回到那里",
                "needs http.publicURL, where the issuer sends browsers back to"
            )
        }
        if let secret = map["clientSecret"] {
            issuer.clientSecret = secrets.secret(secret)
            if client == nil {
                secret.fail("没有 clientId 时不起作用,请补上 clientId 或删去本项", "has no effect without clientId")
            }
        }
    }

    /// Tokens and keys come from there, so that nobody on the way may change them.
    private func issuerURL(_ node: YAMLNode) -> String? {
        guard let url = node.url() else { return nil }
        guard !url.contains("?"), !url.contains("#") else {
            return node.failed("不能带 ? 或 # 之后的部分", "must have neither a query nor a fragment")
        }
        let authority = url.split(separator: "/", omittingEmptySubsequences: false)[2]
        let host = authority.split(separator: ":").first.map(String.init) ?? ""
        guard url.hasPrefix("https://") || isLoopback(host) else {
            return node.failed(
                "须以 https:// 开头(只有本机回环地址可用 http://)",
                "must start with https:// unless it is on a loopback address"
            )
        }
        return url
    }

    private func roles(_ node: YAMLNode) -> [String: TokenFile.Role] {
        let members = node.members()
        if members.isEmpty {
            node.fail("没有列出任何取值,这样谁也进不来,请至少写一个", "names no value of the claim, so that nobody could come in")
        }
        return Dictionary(
            members.compactMap { member in member.value.word(TokenFile.Role.self).map { (member.key, $0) } }
        ) { first, _ in first }
    }

    func session(_ node: YAMLNode) -> HTTP.Session {
        var session = HTTP.Session()
        _ = node.mapping { map in
            session.idle = map["idle"].flatMap(sessionSpan) ?? session.idle
            let absolute = map["absolute"]
            session.absolute = absolute.flatMap(sessionSpan) ?? max(session.absolute, session.idle)
            if session.absolute < session.idle {
                absolute?.fail("不能比 idle 短", "must not be shorter than idle")
            }
        }
        return session
    }

    private func sessionSpan(_ node: YAMLNode) -> Span? {
        guard let span = node.span() else { return nil }
        guard span >= .minutes(1), span <= .days(30) else {
            return node.failed("须在 1m 到 30d 之间", "must be 1m to 30d")
        }
        return span
    }
}
