import Duty
import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A file that says which process owns the database; the kernel lets go of it when the process ends.
final class ProcessLock: Sendable {
    private let descriptor: Int32
    private let isHeld = Atomic<Bool>(true)

    /// - Throws: `StoreError.inUse` with the owner's process id.
    init(path: String, of database: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = String(cString: strerror(errno))
            throw StoreError.unusable(Wording("\(path): 打不开:\(reason)", "\(path): \(reason)"))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let owner = ProcessLock.text(descriptor)
            close(descriptor)
            throw StoreError.inUse(path: database, process: owner)
        }
        let text = "\(getpid())"
        ftruncate(descriptor, 0)
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
        self.descriptor = descriptor
    }

    private static func text(_ descriptor: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    func release() {
        if isHeld.exchange(false, ordering: .relaxed) { close(descriptor) }
    }

    deinit { release() }
}
