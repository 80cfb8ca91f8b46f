import Glibc

/// Who writes: the same on every line.
package struct ServiceIdentity: Sendable {
    package let name: String
    package let version: String
    /// Tells the nodes of one service apart.
    package let node: String
    package let host: String
    package let processID: Int32
    /// Tells installations apart: `production`, `test`.
    package let environment: String

    /// The node is, by default, the host's name.
    package init(name: String, version: String, node: String? = nil, environment: String = "production") {
        self.init(
            name: name,
            version: version,
            node: node,
            host: Self.hostName(),
            processID: getpid(),
            environment: environment
        )
    }

    package init(
        name: String,
        version: String,
        node: String?,
        host: String,
        processID: Int32,
        environment: String = "production"
    ) {
        self.environment = environment
        self.name = name
        self.version = version
        self.node = node ?? host
        self.host = host
        self.processID = processID
    }

    private static func hostName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
