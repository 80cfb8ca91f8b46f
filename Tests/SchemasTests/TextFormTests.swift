import Duty
import Testing

@testable import Schemas

@Suite struct TextFormTests {
    @Test func `JSON for people breaks what does not fit on a line`() throws {
        let long = Value.string(String(repeating: "x", count: 100))
        let value: Value = [
            "short": ["a": 1, "b": [true, .null]], "long": ["text": long, "empty": [:]], "none": [],
        ]
        let text = PrettyJSON.text(value)
        #expect(
            text == """
                {
                  "short": {"a": 1, "b": [true, null]},
                  "long": {
                    "text": "\(String(repeating: "x", count: 100))",
                    "empty": {}
                  },
                  "none": []
                }

                """
        )
        #expect(try JSONReader.decode(text) == value)
    }

    @Test func `YAML quotes what could mean something else`() {
        let value: Value = [
            "plain": "park.events", "version": "3.0.0", "word": "null", "flag": true, "no": "No",
            "list": ["a", 1, .null], "lines": "one\n\ntwo", "maps": [["a": 1, "b": [:]], ["c": []]],
            "$ref": "#/x",
        ]
        #expect(
            YAMLText.text(value) == """
                plain: park.events
                version: "3.0.0"
                word: "null"
                flag: true
                "no": "No"
                list: [a, 1, null]
                lines: |-
                  one

                  two
                maps:
                  - a: 1
                    b: {}
                  - c: []
                "$ref": "#/x"

                """
        )
    }
}
