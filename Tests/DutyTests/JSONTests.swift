import Duty
import Foundation
import Testing

/// The reader takes JSON and nothing else, and never traps.
@Suite struct JSONTests {
    private static let readable: [(String, Value)] = [
        ("null", Value.null), ("true", true), ("false", false), ("0", 0), ("-0", 0), ("42", 42),
        (" \t\r\n1 ", 1), ("-9223372036854775808", .integer(.min)), ("9223372036854775807", .integer(.max)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)), ("1.5", .number(1.5)),
        ("1e2", .number(100)),
        ("1E+2", .number(100)), ("1.25e-1", .number(0.125)), (#""""#, ""), (#""a""#, "a"),
        (#""\u00e9""#, "é"),
        (#""\ud83d\ude00""#, "😀"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u0000""#, "\u{0}"),
        ("\"衡阳\"", "衡阳"), ("[]", []), ("[1,[2]]", [1, [2]]), ("{}", [:]),
        (
            #"{"a":1,"b":{"c":null}}"#,
            .object([
                Value.Member("a", 1), Value.Member("b", .object([Value.Member("c", .null)])),
            ])
        ),
        (#"{"":1}"#, ["": 1]), (#""\uFFFF""#, "\u{FFFF}"),
    ]

    @Test(arguments: readable)
    func `JSON is read`(_ text: String, _ expected: Value) throws {
        #expect(try JSONReader.decode(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "nulll", "True", "NaN", "Infinity", "-Infinity", "+1", "01", "-01", "1.", ".5",
        "1.e1", "1e",
        "1e+", "-", "--1", "0x10", "1 2", "[1,]", "[,1]", "[1 2]", "[", "]", "{", "}", "{,}", "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}", "{a:1}", "{'a':1}", "{1:1}", "{\"a\" 1}", "[1}", "{\"a\":1]", "'a'", "\"", "\"a",
        "\"\u{1}\"", "\"a\nb\"", "\"\t\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\udc00""#,
        #""\ud800\u0041""#, #""\ud800\ud800""#, #""\ud800a""#, "// c\n1", "1 // c", "/* */1", "\u{FEFF}1",
        "1e999",
        #"{"a":1,"a":2}"#, #"{"a":1,"b":2,"\u0061":3}"#, #""\"#, #""\u"#, "\u{A0}1", "1\u{0}",
    ])
    func `What is no JSON is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSONReader.decode(text) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xE4, 0xBD, 0x22],
            [0x22, 0x5C, 0x6E, 0xFF, 0x22], [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], [0xFF], [0x80, 0x80],
            [0xEF, 0xBB, 0xBF],
        ] as [[UInt8]]
    )
    func `Bytes that are no UTF-8 are refused`(_ bytes: [UInt8]) {
        #expect(throws: JSONError.self) { try JSONReader.decode(bytes) }
    }

    @Test func `Nesting is taken to its limit and refused beyond it`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONReader.decode(nested(JSONReader.maximumDepth))
        #expect(throws: JSONError.self) { try JSONReader.decode(nested(JSONReader.maximumDepth + 1)) }
        #expect(throws: JSONError.self) { try JSONReader.decode(String(repeating: "[", count: 60_000)) }
        #expect(throws: JSONError.self) { try JSONReader.decode(String(repeating: #"{"a":"#, count: 10_000)) }
    }

    private static let sample = """
        {"specversion":"1.0","id":"01JD","time":"2026-11-23T14:05:00+08:00","data":{"summary":"厂区\\u4e34\\ud83d\\ude00",\
        "amountFen":-12,"rate":1.5e-3,"flags":[true,false,null],"by":{"personRef":"P-1"}}}
        """

    @Test func `A text cut off at any byte is refused and never traps`() throws {
        let bytes = Array(Self.sample.utf8)
        _ = try JSONReader.decode(bytes)
        for length in 0..<bytes.count {
            #expect(throws: JSONError.self) { try JSONReader.decode(Array(bytes[..<length])) }
        }
    }

    @Test func `A text with any byte changed never traps`() {
        var random = SeededGenerator(seed: 7)
        let bytes = Array(Self.sample.utf8)
        for _ in 0..<20_000 {
            var broken = bytes
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                broken[Int.random(in: broken.indices, using: &random)] = UInt8.random(
                    in: 0...255,
                    using: &random
                )
            }
            if let value = try? JSONReader.decode(broken) {
                #expect((try? JSONReader.decode(JSONWriter.encode(value))) == value)
            }
        }
    }

    @Test(arguments: [0, 1, -1, 9, 10, -10, 99, 100, 1_795_413_600_000_000, .max, .min] as [Int64])
    func `Whole numbers are written with all their digits`(number: Int64) {
        #expect(JSONWriter.text(.array([.integer(number), .integer(number)])) == "[\(number),\(number)]")
    }

    @Test func `What is written reads back as itself, here and by another reader`() throws {
        let value: Value = [
            "text": .string("a\"b\\c\n\u{1}/衡😀"), "list": [1, .number(0.5), true, .null], "inner": ["": []],
        ]
        let bytes = JSONWriter.encode(value)
        #expect(try JSONReader.decode(bytes) == value)
        let other = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
        #expect(other?["text"] as? String == "a\"b\\c\n\u{1}/衡😀")
    }
}
