import Duty
import Hummingbird
import NIOCore

/// What the HTTP side knows of a request besides the request.
package struct ConsoleContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address at the other end of the connection; nil where there is no network.
    let peer: String?
    /// Who calls; nil on the paths that are open to everybody.
    package var principal: Principal?
    /// The caller's language, the installation's unless the request says otherwise.
    var language = AnswerWords.Language.chinese

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }

    /// Who calls, as far as limits go: the other end of the connection, or whom a proxy on this machine names.
    func caller(_ request: Request) -> String {
        guard let peer else { return "direct" }
        guard Self.isLoopback(peer),
            let last = request.headers.text("x-forwarded-for")?.split(separator: ",").last
        else { return Self.network(peer) }
        return Self.network(String(last.drop { $0 == " " }.prefix(64)))
    }

    /// Whole addresses only: `127.0.0.1.example.org` is a name that anybody may own.
    static func isLoopback(_ host: String) -> Bool {
        if host == "localhost" || host == "::1" { return true }
        let mapped = host.hasPrefix("::ffff:") ? host.dropFirst("::ffff:".count) : host[...]
        let parts = mapped.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// One household has a whole /64 of IPv6, and would else have as many tries as it has addresses.
    private static func network(_ address: String) -> String {
        guard let parsed = try? SocketAddress(ipAddress: address, port: 0), case .v6(let v6) = parsed else {
            return address
        }
        return withUnsafeBytes(of: v6.address.sin6_addr) { bytes in
            Base64URL.encode(Array(bytes.prefix(8))) + "/64"
        }
    }
}
