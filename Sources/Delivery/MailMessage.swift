import Crypto
import Duty
import FoundationEssentials

/// A mail as it goes over the wire (RFC 5322): plain text in UTF-8, written by a program, so nobody answers it
/// automatically (RFC 3834).
struct MailMessage: Sendable {
    let from: MailAddress
    let to: MailAddress
    let date: Instant
    let subject: String
    let text: String
    /// The key of the notification; it appears as a hash only, for it holds references of persons.
    let key: String
    /// What the mail is about; mails about one matter stand together in the reader's list.
    let matter: String

    /// The same for each try of a notification, so that a receiver can drop a repetition.
    var messageID: String { identifier(key) }

    /// The bytes with CRLF line ends.
    ///
    /// No line begins with a dot: headers begin with their names and base64 has none.
    var bytes: [UInt8] {
        let headers = [
            "Date: \(MailMessage.rfc5322(date))",
            "From: \(from.header)",
            "To: \(to.header)",
            "Subject: \(EncodedWords.encode(subject))",
            "Message-ID: \(messageID)",
            "References: \(identifier(matter))",
            "Auto-Submitted: auto-generated",
            "X-Auto-Response-Suppress: All",
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: base64",
        ]
        return Array((headers.joined(separator: "\r\n") + "\r\n\r\n" + encodedText).utf8)
    }

    private func identifier(_ text: String) -> String {
        let digest = SHA256.hash(data: Data(text.utf8)).prefix(16)
        let digits = Array("0123456789abcdef")
        let hex = digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "<\(String(hex))@\(from.domain)>"
    }

    /// Base64 in lines of 76 characters, of a text whose own line ends are CRLF (RFC 2045, section 6.8).
    private var encodedText: String {
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        var rest = Data((lines.joined(separator: "\r\n") + "\r\n").utf8).base64EncodedString()[...]
        var result = ""
        while !rest.isEmpty {
            result += rest.prefix(76) + "\r\n"
            rest = rest.dropFirst(76)
        }
        return result
    }

    /// `Mon, 23 Nov 2026 14:35:00 +0800`.
    static func rfc5322(_ instant: Instant) -> String {
        let date = CivilDate(instant)
        let day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][(date.weekday + 6) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let parts = instant.local.split(separator: " ")
        let numbers = (parts.first ?? "").split(separator: "-")
        guard numbers.count == 3, parts.count == 2, let month = Int(numbers[1]), (1...12).contains(month)
        else {
            return "\(day), 01 Jan 1970 00:00:00 +0000"
        }
        return "\(day), \(numbers[2]) \(months[month - 1]) \(numbers[0]) \(parts[1]) +0800"
    }
}
