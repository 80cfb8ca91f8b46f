import Duty
import Testing

@testable import Console

@Suite struct LinkSignerTests {
    private static let now = Instant(seconds: 1_795_415_700)
    private let signer = LinkSigner(secret: Array("a secret of this test, and of nothing else".utf8))
    private let token = AnswerToken(
        person: "P-1032",
        notification: "A22.response|complaint/CP-2026-000123|1|warn15|P-1032",
        expires: now + .hours(72)
    )

    private func rejection(_ text: String, now: Instant = now) -> LinkRejection? {
        do throws(LinkRejection) {
            _ = try signer.read(text, now: now)
            return nil
        } catch {
            return error
        }
    }

    private func signed() throws -> String { try #require(signer.sign(token)) }

    @Test func aTokenSaysWhatWasSigned() throws {
        let text = try signed()
        #expect(try signer.read(text, now: Self.now) == token)
        #expect(token.matter == "complaint/CP-2026-000123")
        #expect(
            text.utf8.allSatisfy {
                Array("-_".utf8).contains($0) || Character(UnicodeScalar($0)).isLetter
                    || Character(UnicodeScalar($0)).isNumber
            }
        )
        #expect(text.utf8.count < 130)
    }

    @Test func itOpensUntilItsTimeIsOver() throws {
        let text = try signed()
        #expect(rejection(text, now: token.expires - .seconds(1)) == nil)
        #expect(rejection(text, now: token.expires) == .expired)
    }

    @Test func everyChangedBitIsNoticed() throws {
        let bytes = try #require(Base64URL.decode(try signed().utf8))
        for place in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[place] ^= 1 << bit
                #expect(rejection(Base64URL.encode(changed)) == .forged)
            }
        }
    }

    @Test func anotherPersonCannotBePutInItsPlace() throws {
        let other = AnswerToken(
            person: "P-1040",
            notification: token.notification,
            expires: token.expires
        )
        let own = try #require(Base64URL.decode(try signed().utf8))
        let content = [LinkSigner.Purpose.answer.rawValue] + (try #require(other.bytes))
        #expect(rejection(Base64URL.encode(content + own.suffix(16))) == .forged)
    }

    @Test func aPieceOfATokenIsNone() throws {
        let text = try signed()
        for length in 0..<text.count {
            let problem = rejection(String(text.prefix(length)))
            #expect(problem == .forged || problem == .malformed)
        }
        #expect(rejection(text + "A") != nil && rejection(text + "=") == .malformed)
        #expect(rejection(String(repeating: "A", count: 5_000)) == .malformed)
    }

    @Test func anotherKeySignsNothingHere() throws {
        let stranger = LinkSigner(secret: LinkSigner.freshSecret())
        #expect(rejection(try #require(stranger.sign(token))) == .forged)
        #expect(LinkSigner.freshSecret() != LinkSigner.freshSecret())
        #expect(LinkSigner.freshSecret().count == 32)
    }

    @Test func aProofOfAFormOpensNoPage() throws {
        let text = try signed()
        let proof = signer.formProof(text)
        #expect(rejection(proof) == .wrongPurpose)
        #expect(signer.isProof(proof, for: text))
        #expect(!signer.isProof(proof, for: text + "A"))
        #expect(!signer.isProof(text, for: text) && !signer.isProof("", for: text))
        #expect(!LinkSigner(secret: [1]).isProof(proof, for: text))
    }

    @Test func whatNoTokenHoldsIsNotSigned() {
        let late = AnswerToken(person: "P-1", notification: "k", expires: Instant(seconds: 1 << 33))
        let long = AnswerToken(
            person: PersonRef(String(repeating: "长", count: 100)),
            notification: "k",
            expires: Self.now
        )
        #expect(signer.sign(late) == nil && signer.sign(long) == nil)
    }

    private static let texts: [(text: String, bytes: [UInt8]?)] = [
        ("", []), ("AA", [0]), ("_-8", [0xFF, 0xEF]), ("AQID", [1, 2, 3]), ("A", nil), ("AB", nil),
        ("A+8", nil), ("AQI=", nil), ("AQ D", nil),
    ]

    @Test func oneTextForEachValue() {
        for (text, bytes) in Self.texts {
            #expect(Base64URL.decode(text.utf8) == bytes, "\(text)")
            if let bytes { #expect(Base64URL.encode(bytes) == text) }
        }
    }
}
