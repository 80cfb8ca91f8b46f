/// Masks secrets and personal data in operational text before it is logged.
///
/// It knows: values of `key=`, `access_token=`, `sign=` and anything named a secret, token or password;
/// bearer tokens; the user part of a URL; what follows `/hook/` and `/a/`; mainland mobile numbers,
/// identity card numbers and bank cards; e-mail addresses.
package enum Redactor {
    /// Text with everything that must not be seen replaced.
    package static func redact(_ text: String) -> String {
        guard text.utf8.contains(where: isTrigger) else { return text }
        var scan = RedactionScan(Array(text.utf8))
        return String(decoding: scan.run(), as: UTF8.self)
    }

    /// The same for a named value: one named like a secret is masked whole.
    package static func redact(_ text: String, named name: String) -> String {
        SecretName(name).isSecret ? "***" : redact(text)
    }

    private static func isTrigger(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: "/"), UInt8(ascii: "@"): true
        case UInt8(ascii: "B"), UInt8(ascii: "b"): true
        default: byte.isDigit
        }
    }
}

/// The name before a `=` or a `:`, and whether what follows is a secret.
struct SecretName {
    private let name: String
    private let last: Substring

    init(_ name: String) {
        let name = name.lowercased()
        self.name = name
        last = name.split { $0 == "." || $0 == "_" || $0 == "-" }.last ?? ""
    }

    /// After a colon, plain words such as "key" are too common to be masked.
    var isSecret: Bool {
        name.contains("secret") || name.contains("password") || name.contains("passwd")
            || name.hasSuffix("token") || name.hasSuffix("apikey") || name.hasSuffix("accesskey")
            || last == "authorization" || last == "signature" || last == "credential" || last == "cookie"
    }

    var isSecretBeforeEquals: Bool {
        isSecret || last == "key" || last == "sign" || last == "pwd" || last == "ticket"
    }
}

/// One pass over the bytes of a text: each rule looks at the place reached and may replace what is there.
private struct RedactionScan {
    private static let mask = Array("***".utf8)
    private static let longestName = 64

    private let text: [UInt8]
    private var at = 0
    private var result: [UInt8] = []

    init(_ text: [UInt8]) {
        self.text = text
        result.reserveCapacity(text.count)
    }

    mutating func run() -> [UInt8] {
        while at < text.count {
            switch text[at] {
            case UInt8(ascii: "="), UInt8(ascii: ":"): assignment()
            case UInt8(ascii: "/"): pathTail()
            case UInt8(ascii: "@"): mailAddress()
            case UInt8(ascii: "B"), UInt8(ascii: "b"): bearer()
            case let byte where byte.isDigit: number()
            default: copy(1)
            }
        }
        return result
    }

    private mutating func copy(_ count: Int) {
        result.append(contentsOf: text[at..<at + count])
        at += count
    }

    private mutating func hide(upTo end: Int) {
        if end > at { result.append(contentsOf: Self.mask) }
        at = end
    }

    /// `name=value`, `name: value`, `"name":"value"`, and the user part in `scheme://user@host`.
    private mutating func assignment() {
        let isColon = text[at] == UInt8(ascii: ":")
        if isColon, starts(with: "://", at: at) { return userPart() }
        let name = SecretName(nameBefore(at))
        copy(1)
        guard isColon ? name.isSecret : name.isSecretBeforeEquals else { return }
        if isColon { while at < text.count, text[at] == UInt8(ascii: " ") { copy(1) } }
        hideValue()
    }

    private mutating func hideValue() {
        guard at < text.count else { return }
        let quote = text[at]
        if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            copy(1)
            hide(upTo: text[at...].firstIndex(of: quote) ?? text.count)
            return
        }
        for scheme in ["Bearer ", "Basic "] where starts(with: scheme, at: at) { copy(scheme.utf8.count) }
        hide(upTo: text[at...].firstIndex { $0.endsValue } ?? text.count)
    }

    private mutating func userPart() {
        copy(3)
        let end = text[at...].firstIndex { $0.endsAuthority } ?? text.count
        guard let sign = text[at..<end].lastIndex(of: UInt8(ascii: "@")) else { return }
        hide(upTo: sign)
        if at < text.count { copy(1) }
    }

    /// What follows `/hook/` is a robot's key; what follows `/a/` lets its holder answer for someone.
    private mutating func pathTail() {
        for path in ["/hook/", "/a/"] where starts(with: path, at: at) {
            copy(path.utf8.count)
            hide(upTo: text[at...].firstIndex { $0.endsValue || $0 == UInt8(ascii: "/") } ?? text.count)
            return
        }
        copy(1)
    }

    private mutating func bearer() {
        let isWordStart = at == 0 || !text[at - 1].isWord
        guard isWordStart, starts(with: "bearer ", at: at, ignoringCase: true) else { return copy(1) }
        copy("bearer ".utf8.count)
        hide(upTo: text[at...].firstIndex { $0.endsValue } ?? text.count)
    }

    /// Keeps the first character and the domain.
    private mutating func mailAddress() {
        let start = result.lastIndex { !$0.isMailLocal }.map { $0 + 1 } ?? 0
        let domain = text[(at + 1)...].prefix { $0.isName }
        if result.count > start, domain.contains(UInt8(ascii: ".")) {
            result.removeSubrange((start + 1)...)
            result.append(contentsOf: Self.mask)
        }
        copy(1)
    }

    private mutating func number() {
        let end = text[at...].firstIndex { !$0.isDigit } ?? text.count
        let touchesWord = at > 0 && text[at - 1].isWord
        let digits = text[at..<end]
        let endsInX = end < text.count && (text[end] | 0x20) == UInt8(ascii: "x")
        if let prefix = PersonalNumber.mobilePrefix(digits) {
            copy(prefix + 3)
            result.append(contentsOf: "****".utf8)
            at += 4
            copy(4)
        } else if !touchesWord, PersonalNumber.isIdentityCard(digits, endsInX: endsInX) {
            hide(upTo: endsInX ? end + 1 : end)
        } else if !touchesWord, PersonalNumber.isBankCard(digits) {
            hide(upTo: end)
        } else {
            copy(digits.count)
        }
    }

    /// The word that ends just before `index`, without a closing quote.
    private func nameBefore(_ index: Int) -> String {
        var end = index
        if end > 0, text[end - 1] == UInt8(ascii: "\"") { end -= 1 }
        let floor = max(0, end - Self.longestName)
        var start = end
        while start > floor, text[start - 1].isName { start -= 1 }
        return String(decoding: text[start..<end], as: UTF8.self)
    }

    private func starts(with word: String, at index: Int, ignoringCase: Bool = false) -> Bool {
        guard text.count - index >= word.utf8.count else { return false }
        return zip(text[index...], word.utf8).allSatisfy {
            $0 == $1 || (ignoringCase && $0.isLetter && $0 | 0x20 == $1)
        }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    fileprivate var isLetter: Bool {
        let lower = self | 0x20
        return lower >= UInt8(ascii: "a") && lower <= UInt8(ascii: "z")
    }

    fileprivate var isWord: Bool { isDigit || isLetter || self == UInt8(ascii: "_") }

    fileprivate var isName: Bool { isWord || self == UInt8(ascii: ".") || self == UInt8(ascii: "-") }

    fileprivate var isMailLocal: Bool { isName || self == UInt8(ascii: "+") || self == UInt8(ascii: "%") }

    fileprivate var endsAuthority: Bool {
        endsValue || self == UInt8(ascii: "/") || self == UInt8(ascii: "?") || self == UInt8(ascii: "#")
    }

    fileprivate var endsValue: Bool { self <= 0x20 || Self.valueEnds.contains(self) }

    private static let valueEnds = Set("&\"',;)}]<>\\".utf8)
}
