/// Turns a CloudEvent into a fact, or says in one sentence what is wrong with it.
package enum EventValidation {
    /// The largest event taken, in bytes of its value and headers.
    package static let maximumBytes = 65_536

    /// The longest `id`, `source` and `type`, in Unicode characters.
    package static let longestAttribute = 256

    /// The fact that `event` tells of, which reached the topic at `receivedAt`.
    ///
    /// Throws `EventRejection`; its reason is `unknownType` where the event is to be skipped instead. `articles` says
    /// how many the document has to which a complaint can belong; nil for any.
    package static func fact(
        _ event: CloudEvent,
        receivedAt: Instant,
        articles: Int? = nil
    ) throws(EventRejection) -> Fact {
        let attributes = event.attributes
        guard attributes["specversion"] == "1.0" else {
            throw EventRejection(.notCloudEvent, "specversion 不是 1.0", "specversion is not 1.0")
        }
        let id = try required("id", attributes)
        let source = try required("source", attributes)
        guard source != Fact.reflectionSource else {
            throw EventRejection(
                .notCloudEvent,
                "source \(source) 是本服务自己的",
                "source \(source) is the daemon's own"
            )
        }
        let type = try required("type", attributes)
        guard let kind = EventKind(typeName: type) else {
            throw EventRejection(
                .unknownType,
                "事件目录里没有类型 \(type.prefix(80))",
                "type \(type.prefix(80)) is not in the catalogue"
            )
        }
        let schema = EventCatalogue.schema(kind)
        guard case .object = event.data else {
            throw EventRejection(.missingField, "data 不是对象", "data is not an object")
        }
        if let path = event.data.pathOfNull {
            throw EventRejection(
                .illTypedField,
                "data\(path) 含有字符 U+0000",
                "data\(path) has the character U+0000"
            )
        }
        if let path = event.data.pathOfDecomposedName {
            throw EventRejection(
                .illTypedField,
                "data\(path) 含有组合字符或兼容字符,编号须写成 Unicode 的 NFC 形式",
                "data\(path) has combining or compatibility characters; ids are written in Unicode form NFC"
            )
        }
        try schema.check(event.data)
        if kind == .calendarPublished { try checkDays(event.data) }
        if let articles { try checkCategory(event.data, kind, articles) }
        return Fact(
            key: EventKey(source: source, id: id),
            kind: kind,
            matter: try matter(kind, schema, event.data),
            enterprise: owner(kind, event.data),
            time: try instant("time", attributes),
            recordedAt: try instant("recordedtime", attributes),
            receivedAt: receivedAt,
            traceparent: TraceContext.traceparent(attributes["traceparent"]),
            classification: max(try classification(attributes), leastClassification(kind, event.data)),
            data: event.data
        )
    }

    private static func checkCategory(
        _ data: Value,
        _ kind: EventKind,
        _ articles: Int
    ) throws(EventRejection) {
        guard kind == .complaintFiled, let category = data["category"]?.string,
            let article = FieldKind.article(in: category), article > articles
        else { return }
        throw EventRejection(
            .illTypedField,
            "data.category 写的是第 \(article) 条,而文件只有 \(articles) 条",
            "data.category is about article \(article), but the document has \(articles)"
        )
    }

    /// A complaint for the discipline office is restricted, whatever its producer says; so is what speaks about
    /// something restricted.
    static func leastClassification(_ kind: EventKind, _ data: Value) -> DataClassification {
        let isForDiscipline = kind == .complaintFiled && data["kind"]?.string == "discipline"
        let least = EventCatalogue.schema(kind).leastClassification
        return isForDiscipline ? .restricted : max(least, target(kind, data)?.leastClassification ?? .public)
    }

    /// The fields of what a correction or a void speaks about.
    private static func target(_ kind: EventKind, _ data: Value) -> EventSchema? {
        guard kind == .recordCorrected || kind == .recordVoided else { return nil }
        return data["targetType"]?.string.flatMap { EventKind(named: $0) }.map(EventCatalogue.schema)
    }

    /// Whether a fact is restricted for what it is, whatever its producer said.
    static func isRestricted(_ fact: Fact) -> Bool {
        fact.classification == .restricted && leastClassification(fact.kind, fact.data) == .restricted
    }

    /// The enterprise that an event belongs to; nil for what belongs to none.
    ///
    /// Whom something restricted is about is nobody's business, whatever its producer writes beside it. Of an
    /// enterprise that is only spared messages, nothing happened.
    static func owner(_ kind: EventKind, _ data: Value) -> EnterpriseID? {
        let type = target(kind, data)?.matter ?? EventCatalogue.schema(kind).matter
        let isOfNobody = type == .silence || type == .assessment || type == .calendar
        return isOfNobody || leastClassification(kind, data) == .restricted ? nil : enterprise(in: data)
    }

    /// Whether data still are what the catalogue says, for a fact that a correction has touched.
    static func accepts(_ data: Value, for kind: EventKind) -> Bool {
        do {
            try EventCatalogue.schema(kind).check(data)
            if kind == .calendarPublished { try checkDays(data) }
            return true
        } catch {
            return false
        }
    }

    private static func required(
        _ name: String,
        _ attributes: [String: String]
    ) throws(EventRejection) -> String {
        guard let value = attributes[name], !value.isEmpty else {
            throw EventRejection(.notCloudEvent, "缺少属性 \(name)", "attribute \(name) is missing")
        }
        guard value.unicodeScalars.count <= longestAttribute else {
            throw EventRejection(
                .notCloudEvent,
                "属性 \(name) 超过 \(longestAttribute) 个字符",
                "attribute \(name) is longer than \(longestAttribute) characters"
            )
        }
        guard !value.isDecomposed else {
            throw EventRejection(
                .notCloudEvent,
                "属性 \(name) 含有组合字符或兼容字符,须写成 Unicode 的 NFC 形式",
                "attribute \(name) has combining or compatibility characters; write it in Unicode form NFC"
            )
        }
        guard !value.hasNull else {
            throw EventRejection(
                .notCloudEvent,
                "属性 \(name) 含有字符 U+0000",
                "attribute \(name) has the character U+0000"
            )
        }
        return value
    }

    private static func instant(
        _ name: String,
        _ attributes: [String: String]
    ) throws(EventRejection) -> Instant? {
        guard let text = attributes[name] else { return nil }
        guard let instant = Instant(rfc3339: text) else {
            throw EventRejection(
                .illTypedField,
                "属性 \(name) 不是带时区的 RFC 3339 时刻",
                "attribute \(name) is no RFC 3339 time with an offset"
            )
        }
        return instant
    }

    private static func classification(
        _ attributes: [String: String]
    ) throws(EventRejection) -> DataClassification {
        guard let word = attributes["dataclassification"] else { return .internal }
        guard let classification = DataClassification(rawValue: word) else {
            let words = DataClassification.allCases.map(\.rawValue)
            throw EventRejection(
                .classification,
                "dataclassification 不是其中之一:\(words.joined(separator: "、"))",
                "dataclassification is none of \(words.joined(separator: ", "))"
            )
        }
        return classification
    }

    /// The enterprise that an event's data are about; those of the roster name it in their scope.
    package static func enterprise(in data: Value) -> EnterpriseID? {
        let name = data["enterpriseId"]?.string ?? data.at(path: "scope.enterpriseId")?.string
        return name.map { EnterpriseID($0) }
    }

    private static func matter(
        _ kind: EventKind,
        _ schema: EventSchema,
        _ data: Value
    ) throws(EventRejection) -> MatterID {
        switch kind {
        case .rosterAssigned, .rosterEnded: return try rosterMatter(data)
        case .reportMade:
            let type: MatterType = data["subjectType"]?.string == "penalty" ? .penalty : .case
            return MatterID(type: type, number: data["subjectId"]?.string ?? "")
        case .dutyPerformed:
            let who = data["personRef"]?.string ?? data["orgUnit"]?.string ?? "-"
            return MatterID(type: .duty, number: (data["dutyCode"]?.string ?? "") + "." + who)
        case .recordCorrected, .recordVoided: return .waiting(for: data["targetId"]?.string ?? "")
        case .escalationRequested:
            let matter = MatterID(data["matter"]?.string ?? "")
            return matter.type == nil ? .waiting(for: matter.text) : matter
        case .notificationAcknowledged: return acknowledgedMatter(data["notificationId"]?.string ?? "")
        case .calendarPublished: return MatterID(type: .calendar, number: String(data["year"]?.integer ?? 0))
        default:
            guard let type = schema.matter else { throw EventRejection(.notCloudEvent, "没有事项", "no matter") }
            return MatterID(type: type, number: data[schema.numberField]?.string ?? "")
        }
    }

    private static func rosterMatter(_ data: Value) throws(EventRejection) -> MatterID {
        let scopes: [(String, MatterType)] = [
            ("enterpriseId", .enterprise), ("parkId", .park), ("orgUnit", .org),
        ]
        for (name, type) in scopes {
            if let number = data["scope"]?[name]?.string, !number.isEmpty {
                return MatterID(type: type, number: number)
            }
        }
        throw EventRejection(
            .missingField,
            "scope 中没有 enterpriseId、parkId 或 orgUnit",
            "scope names no enterpriseId, parkId or orgUnit"
        )
    }

    /// The matter is the second part of a notification key.
    private static func acknowledgedMatter(_ key: String) -> MatterID {
        let parts = key.split(separator: "|", omittingEmptySubsequences: false)
        return parts.count >= 5 ? MatterID(String(parts[1])) : .waiting(for: key)
    }
}

extension MatterID {
    /// Where a correction, a void or an acknowledgement waits until the event it speaks about is there.
    package static func waiting(for eventID: String) -> MatterID { MatterID("waiting/" + eventID) }
    package var isWaiting: Bool { text.hasPrefix("waiting/") }
    /// The event that is waited for, where this is such a place.
    package var awaitedEvent: String? { isWaiting ? String(text.dropFirst("waiting/".count)) : nil }
}

extension String {
    /// Whether it has the character U+0000, at which databases take a text to end: two names would be one.
    fileprivate var hasNull: Bool {
        utf8.withContiguousStorageIfAvailable { $0.contains(0) } ?? utf8.contains(0)
    }
}

extension Value {
    /// Where below a value a text or a name has the character U+0000, such as `.by.personRef`; nil where none has.
    fileprivate var pathOfNull: String? { path { _, text in text.hasNull } }

    /// Where below a value the first text is of which `isBad` is true; nil where there is none.
    ///
    /// `isBad` is given the field that holds the text, and is asked about the names of fields as well; these, and the
    /// texts of a list, are in no field.
    func path(in field: String = "", where isBad: (_ field: String, _ text: String) -> Bool) -> String? {
        switch self {
        case .string(let text): return isBad(field, text) ? "" : nil
        case .array(let values):
            for (index, value) in values.enumerated() {
                if let path = value.path(where: isBad) { return "[\(index)]" + path }
            }
            return nil
        case .object(let members):
            for member in members {
                if isBad("", member.name) { return "" }
                if let path = member.value.path(in: member.name, where: isBad) {
                    return "." + member.name + path
                }
            }
            return nil
        default: return nil
        }
    }
}
