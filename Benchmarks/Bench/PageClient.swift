import Duty
import Foundation
import FoundationNetworking

/// Somebody who looks at the board: one page after the other over one connection.
struct PageClient: Sendable {
    /// A supervisor's pages, and the lists that programs ask for.
    static let paths = [
        "/", "/?wall=1", "/matters", "/matters?state=overdue", "/matters?state=running",
        "/matters?state=closed",
        "/matters?q=CP-4217", "/matters?q=CP-4217&state=running", "/matters?type=complaint&state=overdue",
        "/matters?enterprise=E-000417", "/matters?enterprise=E-000417&state=running",
        "/matters?enterprise=E-000417&state=closed",
        "/matters?enterprise=%E4%BC%81%E4%B8%9A417", "/matters?enterprise=%E6%B5%8B%E8%AF%95",
        "/matters?person=P-1017", "/matters?person=P-1017&state=running",
        "/matters?person=P-2003&state=closed",
        "/matters?article=22", "/matters?article=19",
        "/matters/complaint/CP-42170", "/matters/complaint/CP-4217", "/matters/complaint/CP-0", "/deadlines",
        "/alerts", "/alerts?only=trouble", "/ledger", "/articles", "/system", "/audit",
        "/api/v1/matters", "/api/v1/matters?state=overdue", "/api/v1/matters/complaint/CP-4217",
        "/api/v1/deadlines", "/api/v1/alerts", "/api/v1/rates", "/api/v1/articles", "/api/v1/roster",
        "/api/v1/roster?person=P-1017", "/api/v1/status", "/metrics",
    ]

    private let session = URLSession(configuration: .ephemeral)
    let base: String

    /// From asking to having it whole.
    func time(_ path: String) async throws -> Duration {
        guard let url = URL(string: base + path) else {
            throw Workbench.Failure(description: "no path \(path)")
        }
        let began = ContinuousClock.now
        let (body, response) = try await session.data(from: url)
        let took = ContinuousClock.now - began
        guard let answer = response as? HTTPURLResponse, answer.statusCode == 200, !body.isEmpty else {
            throw Workbench.Failure(description: "\(path) is not answered with 200")
        }
        return took
    }

    /// Every path in turn until `ends`, at least once each.
    func look(until ends: ContinuousClock.Instant) async throws -> [String: [Duration]] {
        var times: [String: [Duration]] = [:]
        repeat {
            for path in Self.paths { times[path, default: []].append(try await time(path)) }
        } while ContinuousClock.now < ends
        return times
    }

    /// How many events are on record.
    func facts() async throws -> Int64 {
        guard let url = URL(string: base + "/api/v1/status") else { return 0 }
        let (body, _) = try await session.data(from: url)
        return (try? JSONReader.decode(Array(body)))?["facts"]?.integer ?? 0
    }
}
