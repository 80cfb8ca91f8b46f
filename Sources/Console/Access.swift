import Crypto
import Duty
import Engine
import Hummingbird
import Synchronization

/// Who may come in: the tokens in force and the issuer, replaced at a reload, and the sessions they opened.
package final class Access: Sendable {
    /// A bearer token, of which only the hash is kept.
    package struct Token: Sendable {
        typealias Hash = SHA256Digest

        let hash: Hash
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
        /// Nil: whoever it is has no role here at all.
        case wrongRole(AccessRole?)
        /// A page of somebody else's sent this, or a form without the proof of ours.
        case crossSite
        /// Nobody is asked, and the caller knows this machine by a name that is not its own.
        case foreignName
        /// Too many unknown tokens came from the caller's address.
        case tooMany
    }

    let isOpen: Bool
    /// Whether browsers are to show cookies over TLS alone.
    let isSecure: Bool
    let origin: RequestOrigin
    let sessions: Sessions
    let clock: any WallClock
    /// Of forms: a person mistypes now and then.
    let logins = FailureGate(limit: 10)
    /// Of programs: one with an old token calls again and again.
    private let failures = FailureGate(limit: 100)
    private let familiar = FamiliarCallers()
    private let tokens: Mutex<[Token]>
    private let currentIssuer = Mutex<Issuer?>(nil)
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

    // MARK: What is in force

    var issuer: Issuer? { currentIssuer.withLock { $0 } }

    /// A session ends with the token that opened it, or when that means something else now.
    package func replace(_ tokens: [Token]) {
        self.tokens.withLock { $0 = tokens }
        sessions.keep { session in
            guard let hash = session.token else { return true }
            return tokens.contains { $0.hash == hash && $0.principal.isSame(session.principal) }
        }
    }

    /// Sessions of another issuer, or of other meanings of its claims, end.
    package func replace(issuer: Issuer?) {
        let isSame = currentIssuer.withLock { current in
            if let current, let issuer, current.settings == issuer.settings { return true }
            let isSame = current == nil && issuer == nil
            current = issuer
            return isSame
        }
        if !isSame { sessions.keep { $0.token != nil } }
    }

    /// How long a session lives since it was last used, and since it was opened.
    package func limitSessions(idle: Span, absolute: Span) {
        sessions.limits = Sessions.Limits(idle: idle, absolute: absolute)
    }

    // MARK: Judging

    /// Judges a request to a path that asks for `permission`; `caller` is whom limits count.
    func verdict(_ request: Request, _ permission: Permission, caller: String) async -> Verdict {
        let principal: Principal
        if isOpen {
            guard origin.isLocalName(request) else { return .foreignName }
            principal = open
        } else if let token = request.headers[.authorization].flatMap(Self.bearer) {
            switch await bearer(token, caller) {
            case .granted(let known): principal = known
            case let refusal: return refusal
            }
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

    /// Once an address has failed too often it is told nothing any more, right or wrong; only those that it
    /// shares the address with and that were known before go on.
    private func bearer(_ token: Substring, _ caller: String) async -> Verdict {
        let now = clock.now()
        let isShut = failures.isShut(caller, at: now)
        if let known = find(token) {
            if isShut, !familiar.contains(caller, known.hash) { return .tooMany }
            familiar.insert(caller, known.hash)
            return .granted(known.principal)
        }
        if let issuer, Self.looksSigned(token) {
            if isShut { return .tooMany }
            do {
                return .granted(try await issuer.bearer(String(token)))
            } catch {
                if error == .noRole { return .wrongRole(nil) }
            }
        }
        guard !isShut else { return .tooMany }
        failures.failed(caller, at: now)
        return .unknownToken
    }

    private var open: Principal {
        Principal(name: "open", role: .admin, way: .open, formProof: openProof)
    }

    /// The token of an Authorization header; a proxy in front may use another scheme for itself.
    static func bearer(_ header: String) -> Substring? {
        let parts = header.split(separator: " ", maxSplits: 1)
        return parts.count == 2 && parts[0].lowercased() == "bearer" ? parts[1] : nil
    }

    private static func looksSigned(_ token: some StringProtocol) -> Bool {
        token.utf8.count { $0 == UInt8(ascii: ".") } == 2
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

    /// The cookie of a session; it ends with the browser, and no script and no other site gets at it.
    func cookie(_ id: String) -> String { attributes(cookieName, id, "Strict", seconds: nil) }

    var expiredCookie: String { attributes(cookieName, "", "Strict", seconds: 0) }

    func attributes(_ name: String, _ value: String, _ sameSite: String, seconds: Int?) -> String {
        var text = "\(name)=\(value); Path=/; HttpOnly; SameSite=\(sameSite)"
        if isSecure { text += "; Secure" }
        if let seconds { text += "; Max-Age=\(seconds)" }
        return text
    }
}

/// Which tokens have been shown from which addresses; a bounded memory.
private final class FamiliarCallers: Sendable {
    private struct Pair: Hashable {
        let caller: String
        let hash: SHA256Digest
    }

    private static let most = 10_000
    private let pairs = Mutex<Set<Pair>>([])

    func contains(_ caller: String, _ hash: SHA256Digest) -> Bool {
        pairs.withLock { $0.contains(Pair(caller: caller, hash: hash)) }
    }

    func insert(_ caller: String, _ hash: SHA256Digest) {
        pairs.withLock { pairs in
            let pair = Pair(caller: caller, hash: hash)
            guard !pairs.contains(pair) else { return }
            if pairs.count >= Self.most { pairs = [] }
            pairs.insert(pair)
        }
    }
}
