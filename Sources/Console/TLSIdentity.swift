import Duty
import HummingbirdTLS
import NIOSSL
import Synchronization

/// The server's certificate and its key, which may be exchanged while connections are open.
package final class TLSIdentity: Sendable {
    private struct Pair: Sendable {
        let chain: [NIOSSLCertificateSource]
        let key: NIOSSLPrivateKeySource
    }

    /// What is wrong with a certificate or its key, in words without anything of the key.
    package struct Unusable: Error, CustomStringConvertible {
        package let wording: Wording
        package var description: String { wording.english }
    }

    private let current: Mutex<Pair>

    /// - Throws: `Unusable`.
    package init(certificate: String, key: String) throws(Unusable) {
        current = Mutex(try Self.pair(certificate, key))
    }

    /// Those who connect from now on see this one; open connections go on with what they began with.
    ///
    /// - Throws: `Unusable`; then the old one stays.
    package func replace(certificate: String, key: String) throws(Unusable) {
        let pair = try Self.pair(certificate, key)
        current.withLock { $0 = pair }
    }

    private static func pair(_ certificate: String, _ key: String) throws(Unusable) -> Pair {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8))
        } catch {
            throw Unusable(wording: noCertificate)
        }
        guard !chain.isEmpty else {
            throw Unusable(wording: noCertificate)
        }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        } catch {
            throw Unusable(
                wording: Wording(
                    "私钥不是没有口令的 PEM 私钥",
                    "the key is no private key in PEM without a passphrase"
                )
            )
        }
        let pair = Pair(chain: chain.map { .certificate($0) }, key: .privateKey(privateKey))
        do {
            _ = try NIOSSLContext(configuration: configuration(pair))
        } catch {
            throw Unusable(
                wording: Wording(
                    "私钥与文件中的第一个证书不匹配",
                    "the key does not belong to the first certificate of the file"
                )
            )
        }
        return pair
    }

    private static let noCertificate = Wording(
        "证书文件不是含证书的 PEM 文件",
        "the certificate is no PEM file with certificates"
    )

    private static func configuration(_ pair: Pair) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: pair.chain,
            privateKey: pair.key
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        return configuration
    }

    /// Looks at each handshake which certificate is the present one.
    var configuration: TLSConfiguration {
        var configuration = Self.configuration(current.withLock { $0 })
        configuration.sslContextCallback = { [self] _, promise in
            let pair = current.withLock { $0 }
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = pair.chain
            override.privateKey = pair.key
            promise.succeed(override)
        }
        return configuration
    }
}
