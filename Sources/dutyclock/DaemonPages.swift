import AsyncHTTPClient
import Duty
import Foundation

/// Lists that come in pages, and news as it comes.
extension DaemonAPI {
    /// A path with its query; what is nil is left out.
    static func path(_ path: String, _ query: [(name: String, value: String?)]) -> String {
        // `+` would be read as itself by us and as a space by others.
        let allowed = CharacterSet.urlQueryAllowed.subtracting(CharacterSet(charactersIn: "+&=#?;"))
        let query = query.compactMap { name, value in
            value?.addingPercentEncoding(withAllowedCharacters: allowed).map { name + "=" + $0 }
        }
        return query.isEmpty ? path : path + "?" + query.joined(separator: "&")
    }

    /// The largest page that the daemon gives.
    private static let page = 200

    /// The first `limit` rows of a list, however many pages that takes.
    ///
    /// The answer has the members of the last page, with the rows of all of them.
    func list(
        _ path: String,
        _ query: [(name: String, value: String?)],
        rows name: String,
        cursor: String,
        limit: Int
    ) async throws -> Value {
        var rows: [Value] = []
        var next: String?
        while true {
            let size = min(Self.page, limit - rows.count)
            let answer = try await call(
                "GET",
                Self.path(path, query + [(cursor, next), ("limit", "\(size)")])
            )
            rows += answer[name]?.array ?? []
            next = answer["next"]?.string
            guard next != nil, rows.count < limit else {
                return answer.setting(path: name, to: .array(rows))
            }
        }
    }

    /// Whatever the daemon says is new, until the connection ends.
    ///
    /// `isOpen` is called once it is open, `onChange` for each change.
    /// - Throws: when it cannot be opened or breaks.
    func follow(isOpen: () -> Void, onChange: () -> Void) async throws {
        var request = HTTPClientRequest(url: base + "/api/v1/stream")
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token.reveal())") }
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        // A quiet stream shows every fifteen seconds that it is alive.
        configuration.timeout.read = .seconds(45)
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { client.shutdown { _ in } }
        let response = try await client.execute(request, timeout: .hours(24 * 365))
        guard response.status == .ok else {
            throw Failure(ExitStatus.unavailable, "守护进程回答 the daemon answers HTTP \(response.status.code)")
        }
        isOpen()
        var line: [UInt8] = []
        for try await buffer in response.body {
            for byte in buffer.readableBytesView {
                guard byte == UInt8(ascii: "\n") else {
                    line.append(byte)
                    continue
                }
                if line.starts(with: "event: change".utf8) { onChange() }
                line.removeAll(keepingCapacity: true)
            }
        }
    }
}

extension DaemonAPI {
    /// One part of a path, with everything encoded that could be taken for more than that.
    static func segment(_ text: String) -> String {
        text.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.intersection(.init(charactersIn: "!"..."~"))
                .union(CharacterSet(charactersIn: "-._~"))
        ) ?? text
    }
}
