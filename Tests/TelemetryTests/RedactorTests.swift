import Telemetry
import Testing

@Suite struct RedactorTests {
    @Test(arguments: [
        ("GET /cgi-bin/webhook/send?key=693a91f6-7xxx&x=1", "GET /cgi-bin/webhook/send?key=***&x=1"),
        ("https://h/send?access_token=abc&sign=Zm9v%3D", "https://h/send?access_token=***&sign=***"),
        ("corpsecret=abc, next", "corpsecret=***, next"),
        ("{\"secret\":\"a b\",\"n\":1}", "{\"secret\":\"***\",\"n\":1}"),
        ("{\"client_secret\": \"x\"}", "{\"client_secret\": \"***\"}"),
        ("Authorization: Bearer abc.def", "Authorization: Bearer ***"),
        ("sent bearer abc.def now", "sent bearer *** now"),
        ("postgres://duty:pa@ss@db:5432/x", "postgres://***@db:5432/x"),
        ("https://open.feishu.cn/bot/v2/hook/0f5-aa failed", "https://open.feishu.cn/bot/v2/hook/*** failed"),
        ("GET /a/Zk3v9 200", "GET /a/*** 200"),
        ("call 13812345678, 19912345678", "call 138****5678, 199****5678"),
        ("to +8613812345678.", "to +86138****5678."),
        ("id 11010519491231002X", "id ***"),
        ("card 6222021234567890128", "card ***"),
        ("card 6222021234567890129", "card 6222021234567890129"),
        ("card 4111111111111111", "card ***"),
        ("mail zhang.san@example.org failed", "mail z***@example.org failed"),
        ("请联系张三13812345678谢谢", "请联系张三138****5678谢谢"),
    ])
    func masks(text: String, seen: String) { #expect(Redactor.redact(text) == seen) }

    @Test(arguments: [
        "plain text", "http://127.0.0.1:8080/hook", "design=5 monkey=2", "unknown key: foo",
        "at 1795415700112",
        "offset 40211 of 138123456789", "110105194912310021", "a@b", "=", ":", "/hook/", "secret=", "://",
        "@",
        "2026-11-23T06:35:00.112Z", "半小时未回应",
    ])
    func leavesTheRest(text: String) { #expect(Redactor.redact(text) == text) }

    @Test func namesDecideToo() {
        #expect(Redactor.redact("x", named: "webhook_secret") == "***")
        #expect(Redactor.redact("x", named: "topic") == "x")
    }

    /// Whatever bytes arrive, the scan ends and text without a secret keeps its length or shrinks.
    @Test func endsOnEveryText() {
        var random = SplitMix(seed: 7)
        let alphabet = Array("=:/@\"' aBkey1380x&{}hook\\é".unicodeScalars)
        for _ in 0..<5000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<40, using: &random) {
                text.unicodeScalars.append(alphabet.randomElement(using: &random) ?? " ")
            }
            _ = Redactor.redact(text)
        }
    }
}

struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
