import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The few things that a command asks of the operating system.
enum Process {
    static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }
    /// Until the reload service listens, a hang-up must not end the process.
    static func ignoreHangups() { signal(SIGHUP, SIG_IGN) }

    static func writeError(_ text: String) { write(text, to: STDERR_FILENO) }
    static func writeOutput(_ text: String) {
        let reason = write(text, to: STDOUT_FILENO)
        // Who reads the first lines and goes away has what they wanted.
        if reason != 0, reason != EPIPE { outputError.store(reason, ordering: .relaxed) }
    }

    private static let outputError = Atomic<Int32>(0)

    /// Why some of the output is missing; nil where it is all there.
    static var outputFailure: String? {
        let reason = outputError.load(ordering: .relaxed)
        return reason == 0 ? nil : String(cString: strerror(reason))
    }

    /// Returns 0, or what the operating system says.
    @discardableResult
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR || errno == EAGAIN { continue }
            guard count > 0 else { return count < 0 ? errno : EIO }
            bytes = bytes.dropFirst(count)
        }
        return 0
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
        guard let bytes else { return 0 }
        #if canImport(Glibc)
        return Glibc.write(descriptor, bytes, count)
        #else
        return Darwin.write(descriptor, bytes, count)
        #endif
    }

    /// What the operating system said, where that is what went wrong: libraries put names of calls around it.
    static func words(of error: any Error) -> String {
        let text = "\(error)"
        if text.hasPrefix("handshakeFailed") { return "TLS 握手失败 the TLS handshake failed" }
        guard let number = text.firstRange(of: "errno: "),
            let code = Int32(text[number.upperBound...].prefix { $0.isNumber })
        else { return text }
        return String(cString: strerror(code))
    }

    static func exit(_ code: Int32) -> Never {
        #if canImport(Glibc)
        Glibc.exit(code)
        #else
        Darwin.exit(code)
        #endif
    }

    static var isErrorTerminal: Bool { isatty(STDERR_FILENO) == 1 }
    static var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
    static var id: Int32 { getpid() }

    static var environment: [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text)
            if let equals = pair.firstIndex(of: "=") {
                result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
            }
            entry += 1
        }
        return result
    }
}

/// A line of progress on standard error; silent when that is no terminal.
final class ProgressBar {
    private let total: Int64
    private let label: String
    private var lastShown = -1

    init(_ label: String, total: Int64) {
        self.label = label
        self.total = max(1, total)
    }

    func show(_ done: Int64) {
        guard Process.isErrorTerminal else { return }
        let percent = Int(done * 100 / total)
        guard percent != lastShown else { return }
        lastShown = percent
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        Process.writeError("\r\(label) \(bar) \(percent)% (\(done)/\(total))" + (done >= total ? "\n" : ""))
    }
}
