/// What is wrong with a value, and where below the field it was found.
struct FieldFlaw: Error {
    let reason: EventRejection.Reason
    let words: Wording
    var path = ""

    init(_ reason: EventRejection.Reason, _ words: Wording) {
        self.reason = reason
        self.words = words
    }

    /// The same seen from the object or list around it.
    func inside(_ name: String) -> FieldFlaw {
        var flaw = self
        flaw.path = path.isEmpty || path.hasPrefix("[") ? name + path : name + "." + path
        return flaw
    }
}

extension EventSchema {
    /// Holds data to the table; a field that is null counts as missing.
    func check(_ data: Value) throws(EventRejection) {
        do throws(FieldFlaw) {
            try FieldKind.check(fields, anyOf: anyOf, in: data)
            try demand?.check(data)
        } catch {
            let place = error.path.isEmpty ? "data" : "data." + error.path
            throw EventRejection(
                error.reason,
                place + " " + error.words.chinese,
                place + " " + error.words.english
            )
        }
    }
}

extension EventSchema.Demand {
    func check(_ data: Value) throws(FieldFlaw) {
        guard data[when]?.string == word else { return }
        let value = data[field] ?? .null
        guard value != .null else {
            throw FieldFlaw(
                .missingField,
                Wording("没有给出,而 \(when) 是 \(word)", "is missing, and \(when) is \(word)")
            ).inside(field)
        }
        guard value != data[unlike] else {
            throw FieldFlaw(
                .illTypedField,
                Wording("与 \(unlike) 相同,须是另一个", "is the same as \(unlike); name another one")
            ).inside(field)
        }
    }
}

extension FieldKind {
    static func check(_ fields: [EventField], anyOf: [String], in data: Value) throws(FieldFlaw) {
        for field in fields { try field.check(in: data) }
        if !anyOf.isEmpty, !anyOf.contains(where: { data[$0] ?? .null != .null }) {
            throw FieldFlaw(
                .missingField,
                Wording(
                    "中 \(anyOf.joined(separator: "、")) 一个也没有",
                    "has none of \(anyOf.joined(separator: ", "))"
                )
            )
        }
    }

    func check(_ value: Value) throws(FieldFlaw) {
        switch self {
        case .parts(let fields, let anyOf):
            guard value.members != nil else {
                throw FieldFlaw(.illTypedField, Wording("不是对象", "is not an object"))
            }
            try FieldKind.check(fields, anyOf: anyOf, in: value)
        case .list(let kind):
            guard let elements = value.array else {
                throw FieldFlaw(.illTypedField, Wording("不是列表", "is not a list"))
            }
            for (index, element) in elements.enumerated() {
                do throws(FieldFlaw) { try kind.check(element) } catch { throw error.inside("[\(index)]") }
            }
        case .amount:
            try require(value, in: 0...Fen.limit.amount)
        case .signedAmount:
            try require(value, in: -Fen.limit.amount...Fen.limit.amount)
        default:
            if let words = flaw(value) { throw FieldFlaw(.illTypedField, words) }
        }
    }

    /// An amount is written as a whole number, without a decimal point: nothing about money is a float.
    private func require(_ value: Value, in range: ClosedRange<Int64>) throws(FieldFlaw) {
        guard case .integer(let fen) = value else {
            throw FieldFlaw(.badAmount, Wording("不是以分为单位的整数", "is not a whole number of fen"))
        }
        guard range.contains(fen) else {
            throw FieldFlaw(
                .badAmount,
                Wording(
                    "不在 \(range.lowerBound)…\(range.upperBound) 分之内",
                    "is not within \(range.lowerBound)…\(range.upperBound) fen"
                )
            )
        }
    }

    /// What is wrong with a value that has no parts to look into, or nil.
    private func flaw(_ value: Value) -> Wording? {
        switch self {
        case .text: FieldKind.text(value, atMost: FieldKind.longestText)
        case .brief(let limit): FieldKind.text(value, atMost: limit)
        case .article:
            value.string.map(FieldKind.isArticle) == true
                ? nil : Wording("不是 A07 这样的条款", "is no article such as A07")
        case .eventType: FieldKind.eventType(value)
        case .flag: value.bool == nil ? Wording("不是 true 或 false", "is not true or false") : nil
        case .integer(let range): FieldKind.integer(value, in: range)
        case .instant:
            value.string.flatMap { Instant(rfc3339: $0) } == nil
                ? Wording("不是带时区的 RFC 3339 时刻", "is no RFC 3339 time with an offset") : nil
        case .date:
            value.string.flatMap { CivilDate($0) } == nil
                ? Wording("不是日期 YYYY-MM-DD", "is no date YYYY-MM-DD") : nil
        case .dateOrInstant: FieldKind.dateOrInstant(value)
        case .oneOf(let words):
            value.string.map(words.contains) == true
                ? nil
                : Wording(
                    "不是其中之一:\(words.joined(separator: "、"))",
                    "is none of \(words.joined(separator: ", "))"
                )
        case .object: value.members == nil ? Wording("不是对象", "is not an object") : nil
        case .actor:
            FieldKind.isActor(value) ? nil : Wording("不是 {personRef, role}", "is not {personRef, role}")
        case .actorOrText:
            FieldKind.isActor(value) || FieldKind.text(value, atMost: FieldKind.longestText) == nil
                ? nil : Wording("不是 {personRef, role}", "is not {personRef, role}")
        case .weights:
            FieldKind.areWeights(value)
                ? nil
                : Wording(
                    "没有给各角色 0 到 1000 的整数权重,至少一个大于 0",
                    "does not give roles whole numbers from 0 to 1000, one of them above 0"
                )
        case .patch: FieldKind.patch(value)
        case .amount, .signedAmount, .parts, .list: nil
        }
    }

    private static func text(_ value: Value, atMost limit: Int) -> Wording? {
        guard let text = value.string else { return Wording("不是文字", "is not a text") }
        guard !text.isEmpty else { return Wording("是空的", "is empty") }
        // Most texts have fewer bytes than they may have characters, and need no counting.
        let isShort = text.utf8.count <= limit || text.unicodeScalars.count <= limit
        return isShort ? nil : Wording("超过 \(limit) 个字符", "is longer than \(limit) characters")
    }

    private static func eventType(_ value: Value) -> Wording? {
        guard let type = value.string, EventKind(named: type) == nil else {
            return value.string == nil ? Wording("不是文字", "is not a text") : nil
        }
        let start = String(type.prefix(80))
        return Wording("写的是 \(start),事件目录里没有这一类型", "is \(start), which is no type of the catalogue")
    }

    private static func integer(_ value: Value, in range: ClosedRange<Int64>) -> Wording? {
        guard let number = value.integer else { return Wording("不是整数", "is not a whole number") }
        return range.contains(number)
            ? nil
            : Wording(
                "不在 \(range.lowerBound)…\(range.upperBound) 之内",
                "is not within \(range.lowerBound)…\(range.upperBound)"
            )
    }

    private static func dateOrInstant(_ value: Value) -> Wording? {
        guard let text = value.string else { return Wording("不是文字", "is not a text") }
        let isEither = CivilDate(text) != nil || Instant(rfc3339: text) != nil
        return isEither ? nil : Wording("不是日期,也不是 RFC 3339 时刻", "is no date and no RFC 3339 time")
    }

    /// The number of the article that a category is about: 8 of `A08.designated`.
    static func article(in text: String) -> Int? {
        let word = text.prefix { $0 != "." }.utf8
        guard word.count == 3, word.first == UInt8(ascii: "A"),
            word.dropFirst().allSatisfy({ (48...57).contains($0) }),
            let number = Int(String(word.dropFirst()) ?? ""), articles.contains(number)
        else { return nil }
        return number
    }

    private static func isArticle(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return article(in: text) != nil
            && parts.dropFirst().allSatisfy { part in
                !part.isEmpty
                    && part.utf8.allSatisfy { (48...57).contains($0) || (97...122).contains($0 | 0x20) }
            }
    }

    private static func isActor(_ value: Value) -> Bool {
        value.members != nil
            && actorFields.allSatisfy { field in
                value[field.name].map { text($0, atMost: longestText) == nil } ?? false
            }
    }

    private static func areWeights(_ value: Value) -> Bool {
        guard let members = value.members else { return false }
        let weights = members.compactMap { $0.name.isEmpty ? nil : $0.value.integer }
        return weights.count == members.count && weights.allSatisfy { weightLimit.contains($0) }
            && weights.contains { $0 > 0 }
    }

    private static func patch(_ value: Value) -> Wording? {
        guard let members = value.members else { return Wording("不是对象", "is not an object") }
        for member in members {
            let depth = member.name.utf8.reduce(1) { $1 == UInt8(ascii: ".") ? $0 + 1 : $0 }
            guard depth <= deepestPath else {
                return Wording("的路径超过 \(deepestPath) 层", "has a path of more than \(deepestPath) parts")
            }
        }
        return nil
    }
}

extension EventField {
    /// Holds the member of this name to its kind.
    func check(in data: Value) throws(FieldFlaw) {
        guard let value = data[name], value != .null else {
            if isRequired { throw FieldFlaw(.missingField, Wording("没有给出", "is missing")).inside(name) }
            return
        }
        do throws(FieldFlaw) { try kind.check(value) } catch { throw error.inside(name) }
    }
}
