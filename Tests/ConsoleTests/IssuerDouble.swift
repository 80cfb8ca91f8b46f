import Crypto
import CryptoExtras
import Duty
import Synchronization

@testable import Console

/// An issuer without a network, whose tokens are signed by code that shares nothing with what checks them.
final class IssuerDouble: Sendable {
    static let address = "https://login.example.org/realms/park"

    enum Key: Sendable {
        case elliptic(P256.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)

        var algorithm: String {
            switch self {
            case .elliptic: "ES256"
            case .rsa: "RS256"
            }
        }

        func signature(_ bytes: [UInt8]) throws -> [UInt8] {
            switch self {
            case .elliptic(let key): Array(try key.signature(for: bytes).rawRepresentation)
            case .rsa(let key):
                Array(
                    try key.signature(for: SHA256.hash(data: bytes), padding: .insecurePKCS1v1_5)
                        .rawRepresentation
                )
            }
        }

        /// Without `alg`: many issuers leave it out.
        func jwk(_ id: String) throws -> Value {
            switch self {
            case .elliptic(let key):
                let point = Array(key.publicKey.rawRepresentation)
                return Self.object([
                    ("kty", "EC"), ("crv", "P-256"), ("kid", id), ("use", "sig"),
                    ("x", Base64URL.encode(Array(point.prefix(32)))),
                    ("y", Base64URL.encode(Array(point.suffix(32)))),
                ])
            case .rsa(let key):
                let numbers = try key.publicKey.getKeyPrimitives()
                return Self.object([
                    ("kty", "RSA"), ("kid", id), ("use", "sig"),
                    ("n", Base64URL.encode(Array(numbers.modulus))),
                    ("e", Base64URL.encode(Array(numbers.publicExponent))),
                ])
            }
        }

        private static func object(_ members: [(String, String)]) -> Value {
            .object(members.map { Value.Member($0.0, .string($0.1)) })
        }
    }

    struct State: Sendable {
        var keys: [String: Key] = [:]
        var isAway = false
        /// What the discovery document says of itself.
        var issuer = IssuerDouble.address
        var asked: [String] = []
        var form: String?
        var headers: [String: String] = [:]
        var idToken: String?
    }

    let state = Mutex(State())

    var request: IssuerRequest { { url, form, headers in self.answer(url, form, headers) } }

    func add(_ id: String, _ key: Key) { state.withLock { $0.keys[id] = key } }

    func asked(_ end: String) -> Int {
        state.withLock { $0.asked.filter { $0.hasSuffix(end) }.count }
    }

    private func answer(
        _ url: String,
        _ form: [UInt8]?,
        _ headers: [(String, String)]
    )
        -> IssuerReply?
    {
        state.withLock { state in
            state.asked.append(url)
            guard !state.isAway else { return nil }
            if url == Self.address + "/.well-known/openid-configuration" {
                return Self.reply(
                    .object([
                        Value.Member("issuer", .string(state.issuer)),
                        Value.Member("jwks_uri", .string(Self.address + "/keys")),
                        Value.Member("authorization_endpoint", .string(Self.address + "/authorize")),
                        Value.Member("token_endpoint", .string(Self.address + "/token")),
                    ])
                )
            }
            if url == Self.address + "/keys" {
                let encryption = Value.object([
                    Value.Member("kty", "RSA"), Value.Member("use", "enc"), Value.Member("kid", "enc"),
                    Value.Member("alg", "RSA-OAEP"), Value.Member("n", "AQAB"), Value.Member("e", "AQAB"),
                ])
                let unheardOf = Value.object([Value.Member("kty", "XYZ"), Value.Member("kid", "xyz")])
                let keys = state.keys.compactMap { try? $0.value.jwk($0.key) }
                return Self.reply(.object([Value.Member("keys", .array([encryption, unheardOf] + keys))]))
            }
            guard url == Self.address + "/token", let form else {
                return IssuerReply(status: 404, body: [])
            }
            state.form = String(decoding: form, as: UTF8.self)
            state.headers = Dictionary(headers) { first, _ in first }
            guard let token = state.idToken else {
                return IssuerReply(status: 400, body: Array("{}".utf8))
            }
            return Self.reply(.object([Value.Member("id_token", .string(token))]))
        }
    }

    private static func reply(_ value: Value) -> IssuerReply {
        IssuerReply(status: 200, body: JSONWriter.encode(value))
    }

    // MARK: Tokens

    /// Good for an hour; `changes` replace claims, and take away those that are null.
    static func token(
        _ key: Key,
        _ id: String?,
        now: Instant,
        header: [(String, Value)] = [],
        _ changes: [String: Value] = [:]
    ) throws -> String {
        let seconds = now.microseconds / 1_000_000
        var claims: [String: Value] = [
            "iss": .string(address), "aud": "dutyclock", "sub": "u-17", "name": "司徒静澜",
            "iat": .integer(seconds), "exp": .integer(seconds + 3_600), "staff": "P-1032",
            "realm_access": .object([Value.Member("roles", .array(["offline", "park-supervisor"]))]),
        ]
        for (name, value) in changes { claims[name] = value == .null ? nil : value }
        var head: [(String, Value)] = [("alg", .string(key.algorithm)), ("typ", "JWT")]
        if let id { head.append(("kid", .string(id))) }
        head = head.filter { old in !header.contains { $0.0 == old.0 } } + header
        let signed =
            part(.object(head.map { Value.Member($0.0, $0.1) })) + "."
            + part(.object(claims.map { Value.Member($0.key, $0.value) }))
        return signed + "." + Base64URL.encode(try key.signature(Array(signed.utf8)))
    }

    static func part(_ value: Value) -> String { Base64URL.encode(JSONWriter.encode(value)) }
}
