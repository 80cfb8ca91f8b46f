import Foundation

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A terminal that a program has for itself: its other screen, keys as they are pressed, and its size.
final class Terminal: Sendable {
    private let before: termios?

    /// Whether there is one to draw on.
    static var isThere: Bool {
        Process.isOutputTerminal && Process.environment["TERM"] != "dumb"
    }

    /// `NO_COLOR` with anything in it asks for none (no-color.org).
    static var hasColours: Bool { Process.environment["NO_COLOR"].map(\.isEmpty) ?? true }

    /// Takes the terminal; `leave` gives it back as it was.
    init() {
        var settings = termios()
        if tcgetattr(STDIN_FILENO, &settings) == 0 {
            before = settings
            cfmakeraw(&settings)
            tcsetattr(STDIN_FILENO, TCSANOW, &settings)
        } else {
            before = nil
        }
        // The other screen, no cursor, and nothing goes on in the next line.
        Process.writeOutput("\u{1B}[?1049h\u{1B}[?25l\u{1B}[?7l")
    }

    func leave() {
        Process.writeOutput("\u{1B}[?7h\u{1B}[?25h\u{1B}[?1049l")
        guard var before else { return }
        tcsetattr(STDIN_FILENO, TCSANOW, &before)
    }

    /// Lines and columns; those of old where nobody says.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Draws from the top; each line is as long as the screen at most, and there are no more than fit.
    func draw(_ lines: [String]) {
        Process.writeOutput(
            "\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
        )
    }

    /// Hands over each key until the input ends, which is nil; on a thread of its own, as reading blocks.
    static func keys(_ pressed: @escaping @Sendable (UInt8?) -> Void) {
        Thread.detachNewThread {
            var byte: UInt8 = 0
            while true {
                let count = read(STDIN_FILENO, &byte, 1)
                if count < 0, errno == EINTR { continue }
                guard count == 1 else { return pressed(nil) }
                pressed(byte)
            }
        }
    }
}
