import Glibc
import Synchronization

/// Puts whole lines onto a file descriptor, from any thread.
///
/// A reader that went away or does not read costs lines, which are counted, and never the process:
/// the program ignores SIGPIPE.
package final class LineOutput: Sendable {
    private struct State {
        /// An earlier line was cut off, so the next one must begin with a newline.
        var owesNewline = false
    }

    private enum Refusal: Error { case closed, stalled }

    private let descriptor: Int32
    private let patience: Int32
    private let state = Mutex(State())
    private let lost = Atomic<Int>(0)

    /// A full descriptor that does not block is waited for as long as `patience`, in milliseconds.
    package init(descriptor: Int32, patience: Int32 = 2000) {
        self.descriptor = descriptor
        self.patience = patience
    }

    /// Lines that could not be written.
    package var lostLines: Int { lost.load(ordering: .relaxed) }

    var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Writes `lines`, which end in a newline, in one piece.
    package func write(_ lines: [UInt8]) {
        guard !lines.isEmpty else { return }
        let written = state.withLock { state in
            if state.owesNewline {
                guard put([UInt8(ascii: "\n")]) == 1 else { return 0 }
                state.owesNewline = false
            }
            let written = put(lines)
            let isCut = written > 0 && written < lines.count
            state.owesNewline = isCut && lines[written - 1] != UInt8(ascii: "\n")
            return written
        }
        guard written < lines.count else { return }
        let missing = lines[written...].count { $0 == UInt8(ascii: "\n") }
        lost.wrappingAdd(missing, ordering: .relaxed)
    }

    /// How many of the bytes went out.
    private func put(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                do throws(Refusal) {
                    done += try putSome(UnsafeRawBufferPointer(rebasing: buffer[done...]))
                } catch {
                    break
                }
            }
            return done
        }
    }

    /// One `write(2)`; waits when the descriptor is full.
    private func putSome(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> Int {
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        if count >= 0 { return count }
        switch errno {
        case EINTR:
            return 0
        case EAGAIN:
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&wait, 1, patience) != 0 else { throw .stalled }
            return 0
        default:
            throw .closed
        }
    }
}
