import Duty
import Testing

@testable import Console

@Suite struct ReplyTests {
    private static let number = "CP-2026-000123"

    @Test(arguments: [
        "1 CP-2026-000123", "收到 CP-2026-000123", "收到CP-2026-000123", "cp-2026-000123 收到。",
        "ACK CP-2026-000123",
        "1\u{FF0C}CP-2026-000123", "\u{FF11} CP-2026-000123", "收到,单号CP-2026-000123,马上处理",
    ])
    func seen(_ text: String) throws {
        let reply = try #require(ReplyText(text))
        #expect(reply.meaning == .acknowledge && reply.number == Self.number)
    }

    @Test(arguments: [
        ("2 CP-2026-000123 电话", "phone"), ("已联系 CP-2026-000123 上门", "visit"),
        ("已联系企业(电话)CP-2026-000123", "phone"), ("done CP-2026-000123 message", "message"),
        ("2 CP-2026-000123", nil), ("已联系CP-2026-000123", nil),
    ])
    func contacted(_ text: String, _ mode: String?) throws {
        #expect(try #require(ReplyText(text)).meaning == .contacted(mode: mode))
    }

    @Test(arguments: [
        "", "收到", "1", "CP-2026-000123", "TD", "退订", "好的 CP-2026-000123", "1 2 CP-2026-000123",
        "1 CP-2026-000123 CP-2026-000124", "2 CP-2026-000123 电话 上门", "1 CP-2026-000123 电话", "1 13800138000",
    ])
    func notUnderstood(_ text: String) { #expect(ReplyText(text) == nil) }

    @Test func longTextsAreNotRead() {
        #expect(ReplyText("1 CP-1" + String(repeating: " x", count: 1_000)) == nil)
    }

    @Test func alibabasList() throws {
        let value = try JSONReader.decode(
            Array(
                """
                [{"phone_number":"13800138000","content":"1 CP-1","send_time":"2026-11-23 14:35:00",
                  "sign_name":"西渡高新区","dest_code":"1069","sequence_id":17}]
                """.utf8
            )
        )
        let body = try #require(ReplyBody(value))
        #expect(body.replies == [.init(phone: "13800138000", text: "1 CP-1", sentAt: Sample.noon)])
        #expect(JSONWriter.text(body.receipt) == #"{"code":0,"msg":"成功"}"#)
    }

    @Test func tencentsObject() throws {
        let value = try JSONReader.decode(
            Array(
                """
                {"extend":"","mobile":"13800138000","nationcode":"86","sign":"西渡高新区","text":"收到 CP-1",
                 "time":1795415700}
                """.utf8
            )
        )
        let body = try #require(ReplyBody(value))
        #expect(body.replies == [.init(phone: "13800138000", text: "收到 CP-1", sentAt: Sample.noon)])
        #expect(JSONWriter.text(body.receipt) == #"{"result":0,"errmsg":"OK"}"#)
    }

    @Test(arguments: ["{}", "[{}]", "[1]", "1", #"{"mobile":1}"#, #"{"mobile":"138"}"#])
    func otherFormsAreNone(_ text: String) throws {
        #expect(ReplyBody(try JSONReader.decode(Array(text.utf8))) == nil)
    }

    @Test(arguments: [
        "13800138000", "+8613800138000", "8613800138000", "0086 138 0013 8000", "+86-138-0013-8000",
    ])
    func oneNumberInManyForms(_ text: String) {
        #expect(MobileNumber(text)?.digits == "13800138000")
        #expect(MobileNumber(text)?.masked == "138****8000")
    }

    @Test(arguments: [
        "", "12800138000", "1380013800", "138001380000", "zhangsan", "+85213800138000", "1380013800x",
    ])
    func whatIsNoMobileNumber(_ text: String) { #expect(MobileNumber(text) == nil) }
}
