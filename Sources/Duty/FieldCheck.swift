/// What is wrong with a value, and where below the field it was found.
struct FieldFlaw: Error {
    let reason: EventRejection.Reason
    let words: String
    var path = ""

    init(_ reason: EventRejection.Reason, _ words: String) {
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
        } catch {
            let place = error.path.isEmpty ? "data" : "data." + error.path
            throw EventRejection(error.reason, place + " " + error.words)
        }
    }
}

extension FieldKind {
    static func check(_ fields: [EventField], anyOf: [String], in data: Value) throws(FieldFlaw) {
        for field in fields { try field.check(in: data) }
        if !anyOf.isEmpty, !anyOf.contains(where: { data[$0] ?? .null != .null }) {
            throw FieldFlaw(.missingField, "has none of \(anyOf.joined(separator: ", "))")
        }
    }

    func check(_ value: Value) throws(FieldFlaw) {
        switch self {
        case .parts(let fields, let anyOf):
            guard value.members != nil else { throw FieldFlaw(.illTypedField, "is not an object") }
            try FieldKind.check(fields, anyOf: anyOf, in: value)
        case .list(let kind):
            guard let elements = value.array else { throw FieldFlaw(.illTypedField, "is not a list") }
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
            throw FieldFlaw(.badAmount, "is not a whole number of fen")
        }
        guard range.contains(fen) else {
            throw FieldFlaw(.badAmount, "is not within \(range.lowerBound)…\(range.upperBound) fen")
        }
    }

    /// What is wrong with a value that has no parts to look into, or nil.
    private func flaw(_ value: Value) -> String? {
        switch self {
        case .text: FieldKind.text(value, atMost: FieldKind.longestText)
        case .brief(let limit): FieldKind.text(value, atMost: limit)
        case .article: value.string.map(FieldKind.isArticle) == true ? nil : "is no article such as A07"
        case .flag: value.bool == nil ? "is not true or false" : nil
        case .integer(let range): FieldKind.integer(value, in: range)
        case .instant:
            value.string.flatMap { Instant(rfc3339: $0) } == nil ? "is no RFC 3339 time with an offset" : nil
        case .date: value.string.flatMap { CivilDate($0) } == nil ? "is no date YYYY-MM-DD" : nil
        case .dateOrInstant: FieldKind.dateOrInstant(value)
        case .oneOf(let words):
            value.string.map(words.contains) == true ? nil : "is none of \(words.joined(separator: ", "))"
        case .object: value.members == nil ? "is not an object" : nil
        case .actor: FieldKind.isActor(value) ? nil : "is not {personRef, role}"
        case .actorOrText:
            FieldKind.isActor(value) || FieldKind.text(value, atMost: FieldKind.longestText) == nil
                ? nil : "is not {personRef, role}"
        case .weights: FieldKind.areWeights(value) ? nil : "does not give roles whole numbers from 0 to 1000"
        case .patch: FieldKind.patch(value)
        case .amount, .signedAmount, .parts, .list: nil
        }
    }

    private static func text(_ value: Value, atMost limit: Int) -> String? {
        guard let text = value.string, !text.isEmpty else { return "is not a text" }
        // Most texts have fewer bytes than they may have characters, and need no counting.
        let isShort = text.utf8.count <= limit || text.unicodeScalars.count <= limit
        return isShort ? nil : "is longer than \(limit) characters"
    }

    private static func integer(_ value: Value, in range: ClosedRange<Int64>) -> String? {
        guard let number = value.integer else { return "is not a whole number" }
        return range.contains(number) ? nil : "is not within \(range.lowerBound)…\(range.upperBound)"
    }

    private static func dateOrInstant(_ value: Value) -> String? {
        guard let text = value.string else { return "is not a text" }
        let isEither = CivilDate(text) != nil || Instant(rfc3339: text) != nil
        return isEither ? nil : "is no date and no RFC 3339 time"
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

    private static func patch(_ value: Value) -> String? {
        guard let members = value.members else { return "is not an object" }
        for member in members {
            let depth = member.name.utf8.reduce(1) { $1 == UInt8(ascii: ".") ? $0 + 1 : $0 }
            guard depth <= deepestPath else { return "has a path of more than \(deepestPath) parts" }
        }
        return nil
    }
}

extension EventField {
    /// Holds the member of this name to its kind.
    func check(in data: Value) throws(FieldFlaw) {
        guard let value = data[name], value != .null else {
            if isRequired { throw FieldFlaw(.missingField, "is missing").inside(name) }
            return
        }
        do throws(FieldFlaw) { try kind.check(value) } catch { throw error.inside(name) }
    }
}
