import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// `/api/v1/stream`: says that something has changed, never what; whoever listens loads what they may see.
struct LiveRoutes: Sendable {
    /// How often a stream looks for news, and after how many quiet looks it shows that it is alive.
    private static let pause = Duration.milliseconds(250)
    private static let quietLooks = 60
    /// Beyond this many open streams the pages load themselves anew instead.
    private static let most = 256

    let pulse: LivePulse
    /// Whether the program is about to end: it waits for every answer, and a stream has no end of its own.
    private let isStopping: @Sendable () -> Bool
    private let open = OpenStreams()

    init(pulse: LivePulse, isStopping: @escaping @Sendable () -> Bool) {
        self.pulse = pulse
        self.isStopping = isStopping
    }

    private final class OpenStreams: Sendable {
        private let count = Mutex(0)

        func enter(most: Int) -> Bool {
            count.withLock { count in
                guard count < most else { return false }
                count += 1
                return true
            }
        }
        func leave() { count.withLock { $0 -= 1 } }
    }

    /// Server-sent events: `change` with a growing number as its id, at most four a second.
    func stream() -> Response {
        guard open.enter(most: Self.most) else {
            return ConsoleServer.problem(
                .serviceUnavailable,
                "tooManyStreams",
                "at most \(Self.most) streams are open at a time"
            )
        }
        var headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        // Proxies that collect an answer before they pass it on would hold the news back.
        if let name = HTTPField.Name("x-accel-buffering") { headers[name] = "no" }
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { [pulse, open, isStopping] writer in
                defer { open.leave() }
                var seen = pulse.version
                try await writer.write(
                    ByteBuffer(string: "retry: 2000\nid: \(seen)\nevent: hello\ndata:\n\n")
                )
                var quiet = 0
                while !Task.isCancelled, !isStopping() {
                    try await Task.sleep(for: Self.pause)
                    let version = pulse.version
                    if version != seen {
                        seen = version
                        quiet = 0
                        try await writer.write(
                            ByteBuffer(string: "id: \(version)\nevent: change\ndata: \(version)\n\n")
                        )
                    } else {
                        quiet += 1
                        guard quiet >= Self.quietLooks else { continue }
                        quiet = 0
                        try await writer.write(ByteBuffer(string: ": alive\n\n"))
                    }
                }
                try await writer.finish(nil)
            }
        )
    }
}
