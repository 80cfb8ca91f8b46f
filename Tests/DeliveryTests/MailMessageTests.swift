import Duty
import Foundation
import Testing

@testable import Delivery

/// A mail as bytes: headers that no text can break out of, and a body that comes back as it was.
@Suite struct MailMessageTests {
    private static func mail(
        subject: String = "已超时 衡阳试验机械",
        text: String = "第一行\n.\n第三行",
        from: String = "领导小组办公室 <office@example.org>",
        key: String = "A22.response|complaint/CP-1|1|breach|P-1032"
    ) throws -> MailMessage {
        MailMessage(
            from: try #require(MailAddress(from)),
            to: try #require(MailAddress("zhuge@example.org")),
            date: noon,
            subject: subject,
            text: text,
            key: key,
            matter: "complaint/CP-1"
        )
    }

    /// Headers with their folding undone, by lower-case name, and the body.
    private static func parts(_ mail: MailMessage) throws -> (headers: [String: String], body: String) {
        let text = String(decoding: mail.bytes, as: UTF8.self)
        let end = try #require(text.range(of: "\r\n\r\n"))
        let lines = text[..<end.lowerBound].replacingOccurrences(of: "\r\n ", with: " ")
            .components(separatedBy: "\r\n")
        let pairs = lines.map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? String(parts[1].dropFirst()) : "")
        }
        let body = text[end.upperBound...].replacingOccurrences(of: "\r\n", with: "")
        let plain = try #require(Data(base64Encoded: body))
        return (Dictionary(pairs) { _, _ in "twice" }, String(decoding: plain, as: UTF8.self))
    }

    /// The text of encoded words, decoded here from RFC 2047.
    private static func decoded(_ header: String) -> String {
        let bytes = header.split(separator: " ").reduce(into: Data()) { bytes, word in
            guard word.hasPrefix("=?UTF-8?B?"), word.hasSuffix("?=") else { return }
            bytes += Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data()
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func aMailSaysWhatItIs() throws {
        let (headers, body) = try Self.parts(try Self.mail())
        #expect(headers["date"] == "Mon, 23 Nov 2026 14:35:00 +0800")
        #expect(headers["from"]?.hasSuffix(" <office@example.org>") == true)
        #expect(headers["to"] == "zhuge@example.org")
        #expect(headers["auto-submitted"] == "auto-generated")
        #expect(headers["content-type"] == "text/plain; charset=UTF-8")
        #expect(Self.decoded(headers["subject"] ?? "") == "已超时 衡阳试验机械")
        #expect(body == "第一行\r\n.\r\n第三行\r\n")
    }

    @Test func theIdentifierFollowsFromTheKeyAndTellsNothingOfIt() throws {
        let one = try Self.mail().messageID
        #expect(try Self.mail(text: "other").messageID == one)
        #expect(try Self.mail(key: "A22.response|complaint/CP-1|1|breach|P-1033").messageID != one)
        #expect(one.hasSuffix("@example.org>") && !one.contains("P-1032") && !one.contains("CP-1"))
    }

    @Test(arguments: ["x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\u{2028}Bcc: a@b", "x\u{0}y"])
    func noTextBeginsAHeader(_ text: String) throws {
        for mail in [try Self.mail(subject: text), try Self.mail(text: text)] {
            let headers = try Self.parts(mail).headers
            #expect(headers["bcc"] == nil)
            #expect(headers.count == 11)
        }
    }

    @Test func noLineIsLongAndNoneBeginsWithADot() throws {
        let long = String(repeating: "园区企业诉求超时未回应👩‍👩‍👧‍👦", count: 40)
        let mail = try Self.mail(subject: long, text: long)
        for line in String(decoding: mail.bytes, as: UTF8.self).components(separatedBy: "\r\n") {
            #expect(line.utf8.count <= 78 && !line.hasPrefix("."))
            #expect(line.utf8.allSatisfy { (0x20...0x7E).contains($0) })
        }
        #expect(Self.decoded(try Self.parts(mail).headers["subject"] ?? "") == long)
    }

    @Test(arguments: [("Overdue CP-1", "Overdue CP-1"), ("=?x?=", "=?UTF-8?B?PT94Pz0=?=")])
    func plainSubjectsStayPlain(_ subject: String, _ written: String) {
        #expect(EncodedWords.encode(subject) == written)
    }

    @Test(arguments: [
        "office@example.org", "a.b+c@x.example", "办公室 <office@example.org>", " office@example.org ",
    ])
    func anAddressIsTaken(_ text: String) { #expect(MailAddress(text) != nil) }

    @Test(arguments: [
        "", "office", "a@b@c", "a@b\r\nRCPT TO:<x@y>", "a b@c", "a@b,c@d", "<a@b", "a@", "@b", "a@b..c",
        "\"a\"@b", "\(String(repeating: "a", count: 65))@b", "张@example.org",
    ])
    func whatIsNoAddressIsRefused(_ text: String) { #expect(MailAddress(text) == nil) }

    @Test(arguments: [
        (Int64(1_795_449_599), "Mon, 23 Nov 2026 23:59:59 +0800"),
        (1_795_449_600, "Tue, 24 Nov 2026 00:00:00 +0800"),
        (1_798_732_800, "Fri, 01 Jan 2027 00:00:00 +0800"),
    ])
    func aDateIsWrittenForTheCounty(_ seconds: Int64, _ text: String) {
        #expect(MailMessage.rfc5322(Instant(seconds: seconds)) == text)
    }
}
