import Duty
import Foundation

/// What a running daemon knows of one matter, read by its HTTP interface.
struct KnownMatter {
    /// Of the matter, its enterprise and its park.
    let facts: [Fact]
    private let value: Value

    /// - Throws: `Failure` 65 for a matter that the daemon does not have, 69 where it cannot be reached.
    static func load(_ id: MatterID, _ api: DaemonAPI) async throws -> KnownMatter {
        let value = try await matter(id, api)
        var facts = facts(value, of: id)
        if let enterprise = value["enterpriseId"]?.string, enterprise != EnterpriseID.nobody.text {
            let around = try await optional(MatterID(type: .enterprise, number: enterprise), api)
            if id.type != .enterprise { facts += around }
            let parks = Set(around.compactMap { $0.text("parkId") })
            for park in parks.sorted() {
                facts += try await optional(MatterID(type: .park, number: park), api)
            }
        }
        return KnownMatter(facts: facts, value: value)
    }

    private static func matter(_ id: MatterID, _ api: DaemonAPI) async throws -> Value {
        let allowed = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "/;?#%"))
        let number = id.number.addingPercentEncoding(withAllowedCharacters: allowed) ?? id.number
        let type = id.text.prefix { $0 != "/" }
        return try await api.call("GET", "/api/v1/matters/\(type)/\(number)")
    }

    /// Nothing of what the daemon does not have.
    private static func optional(_ id: MatterID, _ api: DaemonAPI) async throws -> [Fact] {
        do {
            return facts(try await matter(id, api), of: id)
        } catch let failure as Failure where failure.code == ExitStatus.badData {
            return []
        }
    }

    private static func facts(_ value: Value, of id: MatterID) -> [Fact] {
        let enterprise = value["enterpriseId"]?.string.map { EnterpriseID($0) }
        return (value["facts"]?.array ?? []).compactMap { fact in
            guard let kind = fact["type"]?.string.flatMap({ EventKind(typeName: $0) }),
                let key = fact["id"]?.string, let source = fact["source"]?.string,
                let received = fact["receivedAt"]?.string.flatMap({ Instant(rfc3339: $0) })
            else { return nil }
            return Fact(
                key: EventKey(source: source, id: key),
                kind: kind,
                matter: id,
                enterprise: fact["data"].flatMap { EventValidation.enterprise(in: $0) } ?? enterprise,
                time: fact["at"]?.string.flatMap { Instant(rfc3339: $0) },
                receivedAt: received,
                classification: fact["dataclassification"]?.string
                    .flatMap { DataClassification(rawValue: $0) } ?? .internal,
                data: fact["data"] ?? .object([])
            )
        }
    }

    /// Whether the rules here are those that the daemon goes by.
    func head(local version: String, _ language: LocaleOption) -> String {
        let theirs = value["policyVersion"]?.string ?? ""
        if theirs == version { return "" }
        return language.choose(
            "注意:该事项按规则 \(theirs) 办理,以下按本机配置的 \(version) 说明\n",
            "note: the matter follows policy \(theirs); what follows is by \(version), the one configured here\n"
        )
    }

    /// Who has really been told, how, and whether they have said that they have it.
    func telling(_ language: LocaleOption, _ names: [PersonRef: String]) -> String {
        let notifications = value["notifications"]?.array ?? []
        if notifications.isEmpty {
            return language.choose("—— 实际尚未告知任何人\n", "—— nobody has really been told yet\n")
        }
        var text = language.choose("—— 实际的告知:\n", "—— what has really been told:\n")
        for notification in notifications {
            func word(_ name: String) -> String { notification[name]?.string ?? "" }
            let person = PersonRef(notification["recipient"]?["personRef"]?.string ?? "")
            let moment = Instant(rfc3339: word("requestedAt"))?.local ?? ""
            let state = Self.states[word("state")].map { language.choose($0.0, $0.1) } ?? word("state")
            let channel = word("channel").isEmpty ? "" : language.choose(",渠道 ", ", by ") + word("channel")
            let name = names[person] ?? person.text
            text += "\(moment)  \(word("code")) \(word("stage")) → \(name): \(state)\(channel)"
            if let acknowledged = notification["acknowledged"] {
                let at = acknowledged["at"]?.string.flatMap { Instant(rfc3339: $0)?.local } ?? ""
                text += language.choose(",已于 \(at) 确认", ", confirmed \(at)")
            }
            text += "\n"
        }
        return text
    }

    private static let states: [String: (String, String)] = [
        "pending": ("待发", "waiting"), "sending": ("发送中", "being sent"), "sent": ("已发", "sent"),
        "uncertain": ("结果不明", "perhaps arrived"), "failed": ("未发出", "failed"),
        "gaveUp": ("无法送达", "could not be delivered"),
    ]
}
