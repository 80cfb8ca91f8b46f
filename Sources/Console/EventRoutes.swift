import Duty
import Engine
import HTTPTypes
import Hummingbird
import NIOCore

/// `POST /api/v1/events`: the CloudEvents HTTP binding, structured, binary and batch.
extension ConsoleServer {
    private static let batchLimit = 1 << 20

    /// 202 only once every event is safe in Kafka; 400 names the event and the field that is wrong.
    func acceptEvents(_ request: Request) async throws -> Response {
        guard let body = try? await request.body.collect(upTo: Self.batchLimit) else {
            return Self.tooLarge(Self.batchLimit)
        }
        do throws(EventGateway.Refusal) {
            let events: [CloudEvent]
            do throws(EventRejection) {
                events = try Self.traced(Self.events(request, Array(body.readableBytesView)), by: request)
                for event in events { try Self.check(event) }
            } catch {
                throw .rejected(index: 0, error)
            }
            try await backend.gateway.publish(events)
            return Self.json(.accepted, .object([Value.Member("accepted", .integer(Int64(events.count)))]))
        } catch {
            switch error {
            case .rejected(let index, let rejection):
                return Self.json(
                    rejection.reason == .unknownType ? .unprocessableContent : .badRequest,
                    .object([
                        Value.Member("error", .string(rejection.reason.rawValue)),
                        Value.Member("detail", .string(rejection.detail)),
                        Value.Member("index", .integer(Int64(index))),
                    ])
                )
            case .unavailable(let reason):
                return Self.problem(.serviceUnavailable, "kafkaAway", reason)
            }
        }
    }

    private static func events(_ request: Request, _ body: [UInt8]) throws(EventRejection) -> [CloudEvent] {
        let type = request.headers[.contentType]?.lowercased() ?? ""
        let value: Value
        do {
            value = try JSONReader.decode(body)
        } catch {
            throw EventRejection(.notJSON, "不是 JSON(\(error))", "\(error)")
        }
        if type.hasPrefix("application/cloudevents-batch+json") {
            guard let list = value.array else {
                throw EventRejection(.notCloudEvent, "成批的事件须是 JSON 数组", "a batch is a JSON array")
            }
            return try list.map { element throws(EventRejection) in try CloudEvent(structured: element) }
        }
        if type.hasPrefix("application/cloudevents") { return [try CloudEvent(structured: value)] }
        var attributes: [String: String] = [:]
        for field in request.headers where field.name.canonicalName.hasPrefix("ce-") {
            guard let text = HeaderText.decoded(field.value) else {
                throw EventRejection(
                    .notCloudEvent,
                    "请求头 \(field.name.canonicalName) 解码后不是 UTF-8",
                    "header \(field.name.canonicalName), decoded, is no UTF-8"
                )
            }
            attributes[String(field.name.canonicalName.dropFirst(3))] = text
        }
        guard !attributes.isEmpty else {
            throw EventRejection(
                .notCloudEvent,
                "内容类型不是 application/cloudevents+json,也没有 ce- 头",
                "neither content type application/cloudevents+json nor ce- headers"
            )
        }
        return [CloudEvent(attributes: attributes, data: value)]
    }

    /// Callers that are instrumented send their trace as a header of the request; the event's own comes first.
    private static func traced(_ events: [CloudEvent], by request: Request) -> [CloudEvent] {
        guard let name = HTTPField.Name("traceparent"),
            let trace = TraceContext.traceparent(request.headers[name])
        else { return events }
        return events.map { event in
            var event = event
            event.attributes["traceparent"] = event.attributes["traceparent"] ?? trace
            return event
        }
    }

    /// As it will stand on the topic, whatever mode it came in.
    private static func check(_ event: CloudEvent) throws(EventRejection) {
        let size = JSONWriter.encode(event.structured).count
        guard size <= EventValidation.maximumBytes else {
            throw EventRejection(
                .tooLarge,
                "\(size) 字节,超过 \(EventValidation.maximumBytes) 字节",
                "\(size) bytes are more than \(EventValidation.maximumBytes)"
            )
        }
    }
}
