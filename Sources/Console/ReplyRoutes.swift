import Duty
import Engine
import Hummingbird
import NIOCore

/// `POST /api/v1/replies`: what people write back to text messages, from the provider or a relay of it.
extension ConsoleServer {
    private static let largestReplies = 1 << 18

    /// 200 also for replies that mean nothing here: another delivery of them would mean no more.
    func acceptReplies(_ request: Request) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: Self.largestReplies) else {
            return Self.tooLarge(Self.largestReplies)
        }
        guard let value = try? JSONReader.decode(Array(body.readableBytesView)),
            let replies = ReplyBody(value)
        else {
            return Self.problem(
                .badRequest,
                "notReplies",
                "neither Alibaba Cloud's list of replies nor Tencent Cloud's reply"
            )
        }
        do {
            for reply in replies.replies { _ = try await desk.take(reply) }
        } catch {
            return Self.problem(
                .serviceUnavailable,
                "notTaken",
                "the replies are not safe yet; send them again"
            )
        }
        return Self.json(.ok, replies.receipt)
    }
}
