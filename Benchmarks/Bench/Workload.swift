import Duty
import Kafka
import Storage

/// Park appeals as they come in life: filed, answered, planned, resolved; four events a complaint.
struct Workload {
    let enterprises: Int
    let complaints: Int
    /// When the complaints of the traffic are filed.
    let start: Instant

    /// What the phases that look for the highest rate work on.
    static let day = Workload(
        enterprises: 2_000,
        complaints: 40_000,
        start: Instant(seconds: 1_795_413_600)
    )

    /// Registration and roster of every enterprise.
    func standing() -> [CloudEvent] {
        (0..<enterprises).flatMap { index -> [CloudEvent] in
            let id = Self.enterprise(index)
            let at = start - .days(30)
            return [
                event(
                    "enterprise.registered",
                    at,
                    id,
                    "reg-\(index)",
                    [
                        "enterpriseId": .string(id), "uscc": "91430421MA4TEXT01G",
                        "name": .string("测试企业\(index)有限公司"),
                        "registeredAt": .string(at.rfc3339), "inPark": true, "parkId": "xidu",
                    ]
                ),
                assignment("park.staff", "P-\(1_000 + index % 50)", id, index, at),
                assignment("park.leader", "P-\(2_000 + index % 10)", id, index, at),
            ]
        }
    }

    private func assignment(
        _ role: String,
        _ person: String,
        _ enterprise: String,
        _ index: Int,
        _ at: Instant
    ) -> CloudEvent {
        event(
            "roster.assigned",
            at,
            enterprise,
            "\(role)-\(index)",
            [
                "assignmentId": .string("\(role)-\(index)"), "personRef": .string(person),
                "role": .string(role),
                "scope": ["enterpriseId": .string(enterprise)], "from": "2026-01-01",
            ]
        )
    }

    static func enterprise(_ index: Int) -> String { "E-" + padded(index, 6) }

    /// The complaints' events in the order of their own time, four streams one behind the other.
    func traffic() -> [CloudEvent] {
        var events: [CloudEvent] = []
        events.reserveCapacity(complaints * 4)
        let lag = 50
        for tick in 0..<(complaints + 3 * lag) {
            append(&events, "complaint.filed", tick, 0)
            append(&events, "complaint.responded", tick - lag, 600)
            append(&events, "complaint.solution.proposed", tick - 2 * lag, 3_600)
            append(&events, "complaint.resolved", tick - 3 * lag, 7_200)
        }
        return events
    }

    /// The same park at the pace of life, in the order of time: a complaint every so often, assigned at once, answered
    /// after ten minutes, every tenth too late.
    func history(every pace: Span) -> [CloudEvent] {
        var events: [(at: Instant, event: CloudEvent)] = standing().map { (.distantPast, $0) }
        for index in 0..<complaints {
            let filed = start + Span(microseconds: pace.microseconds * Int64(index))
            for (type, delay) in [
                ("complaint.filed", Span.zero), ("complaint.assigned", .minutes(1)),
                ("complaint.responded", .minutes(index % 10 == 0 ? 45 : 10)),
                ("complaint.solution.proposed", .hours(5)),
            ] {
                events.append((filed + delay, event(type, filed + delay, of: index)))
            }
        }
        return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element.event)
    }

    private func append(_ events: inout [CloudEvent], _ type: String, _ index: Int, _ delay: Int64) {
        guard (0..<complaints).contains(index) else { return }
        events.append(event(type, start + .seconds(delay), of: index))
    }

    /// What is told of a complaint at a moment.
    private func event(_ type: String, _ at: Instant, of index: Int) -> CloudEvent {
        let enterprise = Self.enterprise(index % enterprises)
        let time = Value.string(at.rfc3339)
        var data: Value = ["complaintId": .string("CP-\(index)"), "enterpriseId": .string(enterprise)]
        let more: [(String, Value)] =
            switch type {
            case "complaint.filed":
                [
                    ("kind", "appeal"), ("channel", "app"), ("filedAt", time),
                    ("summary", "厂区临时用电容量不足,影响新线调试"),
                    ("category", "A07"),
                ]
            case "complaint.assigned": [("at", time), ("toPersonRef", "P-1001")]
            case "complaint.responded":
                [
                    ("respondedAt", time), ("by", ["personRef": "P-1001", "role": "park.staff"]),
                    ("mode", "phone"),
                ]
            case "complaint.solution.proposed":
                [("proposedAt", time), ("planRef", "DOC-551"), ("responsibleUnit", "供电公司")]
            default: [("at", time), ("outcome", "done")]
            }
        for (name, value) in more { data = data.setting(path: name, to: value) }
        return event(type, at, enterprise, "\(type)-\(index)", data)
    }

    /// One appeal, filed at a moment to the microsecond.
    func filed(_ number: String, at: Instant, enterprise index: Int) -> CloudEvent {
        let enterprise = Self.enterprise(index)
        let data: Value = [
            "complaintId": .string(number), "enterpriseId": .string(enterprise),
            "kind": "appeal", "channel": "app", "filedAt": .string(at.rfc3339micro), "summary": "用电",
        ]
        return event("complaint.filed", at, enterprise, "filed-\(number)", data)
    }

    /// The enterprise of that complaint was telephoned.
    func responded(_ number: String, at: Instant, enterprise index: Int) -> CloudEvent {
        let enterprise = Self.enterprise(index)
        let data: Value = [
            "complaintId": .string(number), "enterpriseId": .string(enterprise),
            "respondedAt": .string(at.rfc3339micro), "by": ["personRef": "P-1001", "role": "park.staff"],
            "mode": "phone",
        ]
        return event("complaint.responded", at, enterprise, "responded-\(number)", data)
    }

    /// What that complaint asked for is done.
    func resolved(_ number: String, at: Instant, enterprise index: Int) -> CloudEvent {
        let enterprise = Self.enterprise(index)
        let data: Value = [
            "complaintId": .string(number), "enterpriseId": .string(enterprise),
            "at": .string(at.rfc3339micro), "outcome": "done",
        ]
        return event("complaint.resolved", at, enterprise, "resolved-\(number)", data)
    }

    private func event(
        _ type: String,
        _ at: Instant,
        _ key: String,
        _ id: String,
        _ data: Value
    ) -> CloudEvent {
        CloudEvent(
            attributes: [
                "specversion": "1.0", "type": "park.\(type).v1", "source": "/bench", "id": id,
                "time": at.rfc3339, "partitionkey": key, "datacontenttype": "application/json",
            ],
            data: data
        )
    }
}

extension Instant {
    /// With microseconds, so that deadlines lie apart.
    fileprivate var rfc3339micro: String {
        let micro = Int(microseconds - seconds * 1_000_000)
        return String(rfc3339.prefix(19)) + "." + padded(micro, 6) + "Z"
    }
}

extension CloudEvent {
    func record(topic: String) -> ProducerRecord {
        ProducerRecord(
            topic: topic,
            key: Array((attributes["partitionkey"] ?? "").utf8),
            value: JSONWriter.encode(structured),
            headers: [
                KafkaHeader(
                    name: "content-type",
                    value: Array("application/cloudevents+json; charset=UTF-8".utf8)
                )
            ]
        )
    }
}
