import Duty
import JWTKit

/// A JSON Web Token in its three parts, before anybody has looked at the signature.
struct IssuerToken {
    /// Signatures by a private key; neither `none` nor a secret that the verifier would share is among them.
    static let algorithms: Set<String> = [
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA",
    ]
    private static let longest = 16_384
    /// How far the issuer's clock may be from ours.
    private static let leeway = Span.seconds(60)

    let algorithm: String
    let keyID: String?
    let claims: Value

    init(_ text: String) throws(IssuerRejection) {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, parts.count == 3, let header = Self.object(parts[0]),
            let claims = Self.object(parts[1]), let algorithm = header["alg"]?.string
        else { throw .malformed }
        // RFC 7515, section 4.1.11: what must be understood and is not makes the token invalid.
        guard header["crit"] == nil else { throw .malformed }
        guard Self.algorithms.contains(algorithm) else { throw .algorithm }
        self.algorithm = algorithm
        keyID = header["kid"]?.string
        self.claims = claims
    }

    private static func object(_ part: Substring.UTF8View) -> Value? {
        guard let bytes = Base64URL.decode(part), let value = try? JSONReader.decode(bytes),
            value.members != nil
        else { return nil }
        return value
    }

    /// RFC 7519, section 4.1; a token without an end is refused.
    func check(issuer: String, audience: String, now: Instant) throws(IssuerRejection) {
        guard claims["iss"]?.string == issuer else { throw .issuer }
        let meant = claims["aud"]?.array?.compactMap(\.string) ?? [claims["aud"]?.string].compactMap { $0 }
        guard meant.contains(audience) else { throw .audience }
        guard let expires = Self.instant(claims["exp"]), now < expires + Self.leeway else { throw .expired }
        for name in ["nbf", "iat"] {
            guard let claim = claims[name] else { continue }
            guard let from = Self.instant(claim), now >= from - Self.leeway else { throw .notYet }
        }
    }

    /// Seconds since 1970, also with a fraction; nil for what no clock shows.
    static func instant(_ claim: Value?) -> Instant? {
        let seconds: Double
        switch claim {
        case .integer(let whole): seconds = Double(whole)
        case .number(let number): seconds = number
        default: return nil
        }
        guard seconds >= 0, seconds < 253_402_300_800 else { return nil }
        return Instant(seconds: Int64(seconds))
    }
}

/// A public key of the issuer, for one algorithm.
struct IssuerKey: Sendable {
    let algorithm: String
    private let key: JWK

    /// The keys of a JWK set by their ids (RFC 7517); those that are not for signatures, or of a kind that is
    /// not known here, are passed over.
    static func all(_ document: Value) -> [String: IssuerKey]? {
        guard let list = document["keys"]?.array else { return nil }
        var keys: [String: IssuerKey] = [:]
        for (index, value) in list.enumerated() {
            guard value["use"]?.string ?? "sig" == "sig", let jwk = jwk(value, index),
                let algorithm = jwk.algorithm?.rawValue, IssuerToken.algorithms.contains(algorithm),
                let id = jwk.keyIdentifier?.string
            else { continue }
            keys[id] = IssuerKey(algorithm: algorithm, key: jwk)
        }
        return keys
    }

    /// A key that names no algorithm has that of its kind; what a token says never chooses one.
    private static func jwk(_ value: Value, _ index: Int) -> JWK? {
        guard var jwk = try? JWK(json: JSONWriter.text(value)) else { return nil }
        if jwk.keyIdentifier == nil { jwk.keyIdentifier = JWKIdentifier(string: "\(index)") }
        if jwk.algorithm == nil { jwk.algorithm = usual(value) }
        return jwk
    }

    private static func usual(_ value: Value) -> JWK.Algorithm? {
        switch (value["kty"]?.string, value["crv"]?.string) {
        case ("RSA", _): .rs256
        case ("EC", "P-256"): .es256
        case ("EC", "P-384"): .es384
        case ("EC", "P-521"): .es512
        case ("OKP", "Ed25519"): .eddsa
        default: nil
        }
    }

    func hasSigned(_ token: String) async -> Bool {
        guard let keys = try? await JWTKeyCollection().add(jwk: key) else { return false }
        return (try? await keys.verify(token, as: AnyClaims.self)) != nil
    }

    /// The claims are judged where the clock and the settings are.
    private struct AnyClaims: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }
}
