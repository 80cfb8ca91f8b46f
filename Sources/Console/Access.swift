import Crypto
import Duty
import Engine
import Hummingbird
import Synchronization

/// Who may come in: the tokens in force, replaced as a whole at a reload, and the sessions they opened.
package final class Access: Sendable {
    /// A bearer token, of which only the hash is kept.
    package struct Token: Sendable {
        let hash: SHA256Digest
        let principal: Principal

        package init(_ text: String, _ principal: Principal) {
            hash = SHA256.hash(data: Array(text.utf8))
            self.principal = principal
        }
    }

    enum Verdict: Sendable {
        case granted(Principal)
        case noToken
        case unknownToken
        case wrongRole(AccessRole)
        /// A page of somebody else's sent this, or a form without the proof of ours.
        case crossSite
        /// Nobody is asked, and the caller knows this machine by a name that is not its own.
        case foreignName
    }

    let isOpen: Bool
    /// Whether browsers are to show cookies over TLS alone.
    let isSecure: Bool
    let origin: RequestOrigin
    let sessions: Sessions
    let clock: any WallClock
    private let tokens: Mutex<[Token]>
    /// Proves, where nobody logs in, that a form came from a page of this process.
    private let openProof = Sessions.random()

    /// `isOpen` says that nobody is asked; meant for loopback alone.
    package init(
        isOpen: Bool,
        tokens: [Token],
        clock: any WallClock,
        publicURL: String? = nil,
        hasTLS: Bool = false
    ) {
        self.isOpen = isOpen
        self.tokens = Mutex(tokens)
        self.clock = clock
        isSecure = hasTLS || publicURL?.hasPrefix("https://") == true
        origin = RequestOrigin(publicURL: publicURL)
        sessions = Sessions()
    }

    /// A session ends with the token that opened it, or when that means something else now.
    package func replace(_ tokens: [Token]) {
        self.tokens.withLock { $0 = tokens }
        sessions.keep { session in
            guard let hash = session.token, let token = tokens.first(where: { $0.hash == hash }) else {
                return session.token == nil
            }
            return token.principal.isSame(session.principal)
        }
    }

    // MARK: Judging

    func verdict(_ request: Request, _ permission: Permission) async -> Verdict {
        let principal: Principal
        if isOpen {
            guard origin.isLocalName(request) else { return .foreignName }
            principal = open
        } else if let header = request.headers[.authorization] {
            guard let token = Self.bearer(header) else { return .noToken }
            guard let known = find(token) else { return .unknownToken }
            principal = known.principal
        } else if let known = session(request) {
            principal = known
        } else {
            return .noToken
        }
        guard principal.may(permission) else { return .wrongRole(principal.role) }
        // A bearer token is shown by programs alone, never by a browser of its own accord.
        if principal.formProof != nil, !request.method.isSafe, !origin.isOwn(request) { return .crossSite }
        return .granted(principal)
    }

    private var open: Principal {
        Principal(name: "open", role: .admin, way: .open, formProof: openProof)
    }

    /// The token of an Authorization header.
    private static func bearer(_ header: String) -> Substring? {
        let parts = header.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? parts[1] : nil
    }

    /// Digests compare in constant time, and every one is looked at, so that the time tells nothing of any.
    func find(_ token: some StringProtocol) -> Token? {
        let hash = SHA256.hash(data: Array(token.utf8))
        var found: Token?
        for known in tokens.withLock({ $0 }) where known.hash == hash { found = known }
        return found
    }

    // MARK: Sessions

    /// A cookie of this name is taken by browsers from this very host, over TLS and for all paths only.
    var cookieName: String { isSecure ? "__Host-dutyclock" : "dutyclock" }

    func sessionID(_ request: Request) -> String? { RequestCookies.value(cookieName, request) }

    func session(_ request: Request) -> Principal? {
        sessionID(request).flatMap { sessions.find($0, now: clock.now()) }
    }
}

extension Principal {
    /// Whether both stand for the same caller with the same rights, however recognised.
    func isSame(_ other: Principal) -> Bool {
        name == other.name && label == other.label && person == other.person && role == other.role
            && isDiscipline == other.isDiscipline
    }
}

extension HTTPRequest.Method {
    /// RFC 9110, section 9.2.1: asking for it changes nothing.
    var isSafe: Bool { [.get, .head, .options, .trace].contains(self) }
}

/// The `Cookie` header.
enum RequestCookies {
    static func value(_ name: String, _ request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let text = pair.drop { $0 == " " }
                guard let equals = text.firstIndex(of: "="), text[..<equals] == name else { continue }
                return String(text[text.index(after: equals)...])
            }
        }
        return nil
    }
}
