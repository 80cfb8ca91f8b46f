import Hummingbird

extension Principal {
    /// Whether both stand for the same caller with the same rights, however recognised.
    func isSame(_ other: Principal) -> Bool {
        name == other.name && label == other.label && person == other.person && role == other.role
            && isDiscipline == other.isDiscipline
    }
}

extension HTTPRequest.Method {
    /// RFC 9110, section 9.2.1: asking for it changes nothing.
    var isSafe: Bool { [.get, .head, .options, .trace].contains(self) }
}

/// The `Cookie` header.
enum RequestCookies {
    static func value(_ name: String, _ request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let text = pair.drop { $0 == " " }
                guard let equals = text.firstIndex(of: "="), text[..<equals] == name else { continue }
                return String(text[text.index(after: equals)...])
            }
        }
        return nil
    }
}
