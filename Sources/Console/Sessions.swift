import Crypto
import Duty
import Synchronization

/// The browsers that have logged in; a restart forgets them all.
final class Sessions: Sendable {
    /// How long a session lives.
    struct Limits: Sendable, Hashable {
        /// Since it was last used.
        var idle: Span = .minutes(30)
        /// Since it was opened.
        var absolute: Span = .hours(12)
    }

    struct Session: Sendable {
        let principal: Principal
        /// What it was opened with: the hash of a bearer token; nil for an identity of the issuer.
        let token: SHA256Digest?
        let opened: Instant
        /// The issuer's word for the end, if it gave one.
        let ends: Instant?
        var used: Instant
    }

    /// So many people do not work in one park; beyond, the one that was idle the longest goes.
    private static let most = 10_000

    private let table = Mutex<[SHA256Digest: Session]>([:])
    private let current: Mutex<Limits>

    init(_ limits: Limits = Limits()) { current = Mutex(limits) }

    var limits: Limits {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    var count: Int { table.withLock { $0.count } }

    /// The value for the cookie: 256 random bits, of which only the hash is kept.
    func open(_ principal: Principal, token: SHA256Digest?, ends: Instant? = nil, now: Instant) -> String {
        let id = Self.random()
        var principal = principal
        principal.way = .session
        principal.formProof = Self.random()
        let session = Session(principal: principal, token: token, opened: now, ends: ends, used: now)
        let limits = limits
        table.withLock { table in
            if table.count >= Self.most {
                table = table.filter { Self.isAlive($0.value, limits, now) }
                if table.count >= Self.most, let oldest = table.min(by: { $0.value.used < $1.value.used }) {
                    table[oldest.key] = nil
                }
            }
            table[Self.key(id)] = session
        }
        return id
    }

    /// Who has the session, which is used by this.
    func find(_ id: String, now: Instant) -> Principal? {
        let limits = limits
        let key = Self.key(id)
        return table.withLock { table in
            guard let session = table[key] else { return nil }
            guard Self.isAlive(session, limits, now) else {
                table[key] = nil
                return nil
            }
            table[key]?.used = max(session.used, now)
            return session.principal
        }
    }

    func close(_ id: String) { table.withLock { $0[Self.key(id)] = nil } }

    /// Ends the sessions for which `isKept` is false.
    func keep(_ isKept: (Session) -> Bool) { table.withLock { $0 = $0.filter { isKept($0.value) } } }

    private static func isAlive(_ session: Session, _ limits: Limits, _ now: Instant) -> Bool {
        now - session.used < limits.idle && now - session.opened < limits.absolute
            && session.ends.map { now < $0 } ?? true
    }

    private static func key(_ id: String) -> SHA256Digest { SHA256.hash(data: Array(id.utf8)) }

    /// 256 random bits as text.
    static func random() -> String {
        Base64URL.encode(SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) })
    }
}
