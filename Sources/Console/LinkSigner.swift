import Crypto
import Duty

/// Signs and reads the tokens of links.
///
/// A token is the URL-safe Base64 of a byte for its purpose, the content and the first 128 bits of an
/// HMAC-SHA256 over both. Whoever has one can answer as its person, so it is shown in no log.
package struct LinkSigner: Sendable {
    /// What a token is good for; one made for one purpose opens nothing else.
    enum Purpose: UInt8 {
        /// To see one notification's page and answer it.
        case answer = 1
        /// To prove that a form came from that page.
        case form = 2
    }

    private static let macLength = 16
    /// Longer texts are no tokens; keys have at most a few hundred bytes.
    private static let longestToken = 2_048
    private static let context = Array("dutyclock link v1\u{0}".utf8)

    private let key: SymmetricKey

    package init(secret: [UInt8]) { key = SymmetricKey(data: secret) }

    /// 256 random bits.
    package static func freshSecret() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    // MARK: Tokens

    /// Nil for what no token can hold: a time beyond 2106, a reference of more than 255 bytes.
    package func sign(_ token: AnswerToken) -> String? {
        token.bytes.map { sign(.answer, $0) }
    }

    func sign(_ purpose: Purpose, _ content: [UInt8]) -> String {
        let payload = [purpose.rawValue] + content
        return Base64URL.encode(payload + mac(payload))
    }

    /// What a token says, if it was signed here and its time is not over.
    ///
    /// The signature is looked at first, in constant time: nothing is told of a token that is not ours.
    package func read(_ text: some StringProtocol, now: Instant) throws(LinkRejection) -> AnswerToken {
        guard text.utf8.count <= Self.longestToken, let bytes = Base64URL.decode(text.utf8),
            bytes.count > Self.macLength
        else { throw .malformed }
        let payload = bytes.dropLast(Self.macLength)
        guard isSigned(payload, by: bytes.suffix(Self.macLength)) else { throw .forged }
        guard payload.first == Purpose.answer.rawValue else { throw .wrongPurpose }
        guard let token = AnswerToken(bytes: payload.dropFirst()) else { throw .malformed }
        guard now < token.expires else { throw .expired }
        return token
    }

    private func mac(_ payload: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Self.context + payload, using: key).prefix(Self.macLength))
    }

    private func isSigned(_ payload: ArraySlice<UInt8>, by signature: ArraySlice<UInt8>) -> Bool {
        Self.areEqual(mac(Array(payload)), Array(signature))
    }

    // MARK: Forms

    /// The value that a form of the page of `token` carries back.
    func formProof(_ token: some StringProtocol) -> String { sign(.form, Array(token.utf8)) }

    func isProof(_ proof: String, for token: some StringProtocol) -> Bool {
        Self.areEqual(Array(proof.utf8), Array(formProof(token).utf8))
    }

    /// Looks at every byte, so that the time tells nothing.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
