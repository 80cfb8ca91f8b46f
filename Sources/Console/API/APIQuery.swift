import Duty
import Hummingbird

/// The parameters of a request, read as its operation declares them.
struct APIQuery: Sendable {
    static let rows = 50
    static let mostRows = 200

    private let values: [String: String]

    /// - Throws: `APIProblem` for a name that the operation does not have, or one that comes twice.
    init(_ request: Request, _ operation: APIOperation) throws {
        let known = operation.parameters.map(\.name)
        var values: [String: String] = [:]
        for (name, value) in request.uri.queryParameters {
            let name = String(name)
            guard known.contains(name) else {
                let names = known.isEmpty ? "none" : known.joined(separator: ", ")
                throw APIProblem(
                    "unknownParameter",
                    "\(name): there is no such parameter here; there are \(names)"
                )
            }
            guard values.updateValue(String(value), forKey: name) == nil else {
                throw APIProblem("badParameter", "\(name): once only")
            }
        }
        self.values = values.filter { !$0.value.isEmpty }
    }

    /// Nil if it is missing or empty.
    subscript(name: String) -> String? { values[name] }

    func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw APIProblem(
                "badParameter",
                "\(name): a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    func limit() throws -> Int { try number("limit", in: 1...Self.mostRows) ?? Self.rows }

    func day(_ name: String) throws -> CivilDate? {
        guard let text = values[name] else { return nil }
        guard let day = CivilDate(text) else {
            throw APIProblem("badParameter", "\(name): a day, YYYY-MM-DD")
        }
        return day
    }

    func word<Word>(_ name: String, of words: [Word]) throws -> Word?
    where Word: RawRepresentable, Word.RawValue == String {
        guard let text = values[name] else { return nil }
        guard let word = words.first(where: { $0.rawValue == text }) else {
            throw APIProblem(
                "badParameter",
                "\(name): one of \(words.map(\.rawValue).joined(separator: ", "))"
            )
        }
        return word
    }

    // MARK: Pages

    /// Where a list goes on; what another list has given out is refused.
    func cursor(_ name: String, of list: String) throws -> String? {
        guard let text = values[name] else { return nil }
        let head = list + ":"
        guard let bytes = Base64URL.decode(text.utf8), let place = String(validating: bytes, as: UTF8.self),
            place.hasPrefix(head)
        else { throw APIProblem("badParameter", "\(name): what next of the same list said, unchanged") }
        return String(place.dropFirst(head.count))
    }

    /// Where a list of numbered rows goes on.
    func place(_ name: String, of list: String) throws -> Int64? {
        guard let text = try cursor(name, of: list) else { return nil }
        guard let place = Int64(text) else {
            throw APIProblem("badParameter", "\(name): what next of the same list said, unchanged")
        }
        return place
    }

    /// The `next` of a page.
    static func next(_ place: String?, of list: String) -> Value {
        place.map { .string(Base64URL.encode(Array("\(list):\($0)".utf8))) } ?? .null
    }
}

/// Why a request is not answered: a code for programs, and what to do.
struct APIProblem: Error, Sendable {
    let code: String
    let detail: String

    init(_ code: String, _ detail: String) {
        self.code = code
        self.detail = detail
    }
}
