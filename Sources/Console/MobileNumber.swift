/// A mobile number of the mainland in one form, however it was written.
package struct MobileNumber: Hashable, Sendable {
    /// Eleven digits without the country's code.
    package let digits: String

    /// Reads `138 0013 8000`, `+86-13800138000` and the like; nil for everything else.
    package init?(_ text: String) {
        guard text.utf8.count <= 32 else { return nil }
        var rest = Substring(text.filter { $0 != " " && $0 != "-" })
        for prefix in ["+86", "0086", "86"] where rest.count > 11 && rest.hasPrefix(prefix) {
            rest = rest.dropFirst(prefix.count)
            break
        }
        let isMobile =
            rest.utf8.count == 11
            && rest.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && rest.utf8.first == UInt8(ascii: "1") && (rest.utf8.dropFirst().first ?? 0) >= UInt8(ascii: "3")
        guard isMobile else { return nil }
        digits = String(rest)
    }

    /// As logs show it.
    package var masked: String { digits.prefix(3) + "****" + digits.suffix(4) }
}
