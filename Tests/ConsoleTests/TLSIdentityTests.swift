import Testing

@testable import Console

/// What is wrong with a certificate or a key is said before anything is served with it.
@Suite struct TLSIdentityTests {
    @Test func whatIsNoCertificateIsSaid() throws {
        let said = #expect(throws: TLSIdentity.Unusable.self) {
            try TLSIdentity(certificate: "hello", key: "secret-of-mine")
        }
        #expect(said?.description == "the certificate is no PEM file with certificates")
        #expect(said?.description.contains("secret") == false)
    }
}
