import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The service manager's notification socket (sd_notify(3)): one datagram a message.
final class SystemdNotify: Sendable {
    private let path: String?
    private let phase = Mutex(Phase.starting)
    /// How often the watchdog expects a sign of life, in microseconds; nil when it is off.
    let watchdogMicroseconds: Int64?

    private enum Phase { case starting, ready, reloading }

    init(environment: [String: String]) {
        path = environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let isForUs = environment["WATCHDOG_PID"].map { $0 == "\(getpid())" } ?? true
        watchdogMicroseconds = isForUs ? environment["WATCHDOG_USEC"].flatMap { Int64($0) } : nil
    }

    func ready() {
        phase.withLock { phase in
            phase = .ready
            send("READY=1\nSTATUS=ready")
        }
    }

    func status(_ status: String) { send("STATUS=\(status)") }
    /// How often more time is asked for during a start, and how much each time.
    static let extensionInterval = Duration.seconds(2)
    private static let extensionMicroseconds = 20_000_000

    /// The start goes on and may take longer than the unit allows.
    func extendStart() { send("EXTEND_TIMEOUT_USEC=\(Self.extensionMicroseconds)") }

    func stopping() { send("STOPPING=1\nSTATUS=stopping") }
    func watchdog() { send("WATCHDOG=1") }

    /// A reload ends with READY=1, so none is told of before the first: the start would count as done.
    func reloading() {
        phase.withLock { phase in
            guard phase == .ready else { return }
            phase = .reloading
            var time = timespec()
            clock_gettime(CLOCK_MONOTONIC, &time)
            let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
            send("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
        }
    }

    /// The end of the reload that was told of, if one was.
    func reloaded() {
        phase.withLock { phase in
            guard phase == .reloading else { return }
            phase = .ready
            send("READY=1\nSTATUS=ready")
        }
    }

    private func send(_ message: String) {
        guard let path else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        // A leading @ stands for the abstract namespace, whose names begin with a zero byte.
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let bytes = Array(message.utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL), $0, length)
            }
        }
    }
}
