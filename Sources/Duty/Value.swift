/// A JSON value.
///
/// Objects keep the order of their members.
package enum Value: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([Value])
    case object([Member])

    /// One member of an object.
    package struct Member: Hashable, Sendable {
        package let name: String
        package var value: Value

        package init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
}

extension Value {
    /// The member `name` of an object, else nil.
    package subscript(name: String) -> Value? {
        guard case .object(let members) = self else { return nil }
        return members.firstIndex { $0.name == name }.map { members[$0].value }
    }

    /// The value at a path of member names joined by dots (`by.role`); nil if any step is missing.
    package func at(path: String) -> Value? {
        if let direct = self[path] { return direct }
        // By bytes: going by characters took longer than all else here.
        guard let dot = path.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
        return self[String(path[..<dot])]?.at(path: String(path[path.utf8.index(after: dot)...]))
    }

    package var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    package var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    package var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// Nothing, or a text of blanks.
    var isBlank: Bool { self == .null || string?.allSatisfy(\.isWhitespace) == true }

    package var array: [Value]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    package var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// A copy with the value at `path` set; missing objects on the way are made.
    package func setting(path: String, to value: Value) -> Value {
        var members = self.members ?? []
        let dot = self[path] == nil ? path.utf8.firstIndex(of: UInt8(ascii: ".")) : nil
        let name = dot.map { String(path[..<$0]) } ?? path
        let inner = dot.map {
            (self[name] ?? .object([])).setting(path: String(path[path.index(after: $0)...]), to: value)
        }
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index].value = inner ?? value
        } else {
            members.append(Member(name, inner ?? value))
        }
        return .object(members)
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
