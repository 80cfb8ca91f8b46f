import Delivery
import Foundation
import Testing

/// A share of responsibility is not a bill: no text asks anybody for money or says that a fine was settled for an
/// enterprise (docs/policy.md, the ledger of shares).
@Suite struct ShareWordsTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("config/templates")
    private static let words = [
        "缴", "交款", "付款", "支付", "代付", "垫付", "汇款", "账号", "pay", "transfer", "bank", "invoice",
    ]

    @Test(arguments: ["zh-CN", "en"], ["N70", "N71", "N72", "N73", "N74", "N75"])
    func noMessageOnSharesSpeaksOfPaying(_ locale: String, _ code: String) throws {
        let file = Self.folder.appendingPathComponent("\(locale)/\(code).mustache")
        let text = try String(contentsOf: file, encoding: .utf8).lowercased()
        #expect(!text.isEmpty)
        for word in Self.words { #expect(!text.contains(word), "\(locale) \(code): \(word)") }
    }
}
