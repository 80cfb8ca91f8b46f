import Hummingbird

/// Where a request comes from, as browsers say.
struct RequestOrigin: Sendable {
    /// How people reach this server, without a slash at the end; nil if that is not configured.
    let publicURL: String?

    /// Whether a request that changes something may be one of our own pages'.
    ///
    /// A browser says so in either header; what sends none is no browser, and nobody's session is misused.
    func isOwn(_ request: Request) -> Bool {
        if let site = request.headers.text("sec-fetch-site"), site != "same-origin", site != "none" {
            return false
        }
        guard let origin = request.headers.text("origin") else { return true }
        // A page that keeps its address to itself says null; then the proof in the form has to do.
        if origin == "null" { return request.headers.text("sec-fetch-site") == "same-origin" }
        if let publicURL, publicURL == origin || publicURL.hasPrefix(origin + "/") { return true }
        return Self.authority(origin) == request.head.authority
    }

    /// Whether the name that the caller used is one of this machine's own.
    ///
    /// Where nobody is asked, a name that somebody else lets point to this machine would make their page ours.
    func isLocalName(_ request: Request) -> Bool {
        guard let authority = request.head.authority else { return true }
        if let publicURL, Self.authority(publicURL) == authority { return true }
        return ConsoleContext.isLoopback(Self.host(authority))
    }

    /// `host:port` of an address.
    private static func authority(_ url: String) -> String? {
        url.split(separator: "/").dropFirst().first.map(String.init)
    }

    private static func host(_ authority: String) -> String {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            return String(authority[authority.index(after: authority.startIndex)..<end])
        }
        return String(authority.prefix { $0 != ":" })
    }
}
