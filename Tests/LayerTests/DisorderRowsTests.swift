import Foundation
import Testing

/// What comes late, twice, out of order or wrong: each of the 28 numbered situations keeps a test of its own.
@Suite struct DisorderRowsTests {
    private static let tests = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The rows that the names of tests in `text` begin with: of Swift tests (``func `E14: …` ``) and of pytest
    /// (`def test_e14_…`).
    static func rows(in text: String) -> Set<Int> {
        let names = #/(?:func `E|@Test\("E|def test_e)(?<row>[0-9]{1,2})[: _]/#
        return Set(text.matches(of: names).compactMap { Int($0.output.row) })
    }

    private static func sources() throws -> [String] {
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        return try (files?.compactMap { $0 as? URL } ?? [])
            .filter { ["swift", "py"].contains($0.pathExtension) && $0.path != #filePath }
            .map { try String(contentsOf: $0, encoding: .utf8) }
    }

    @Test func `Every row E1 to E28 has a test with its number`() throws {
        let found = try Self.sources().reduce(into: Set<Int>()) { $0.formUnion(Self.rows(in: $1)) }
        #expect(Set(1...28).subtracting(found).sorted() == [])
        #expect(found.subtracting(1...28).sorted() == [])
    }

    @Test(arguments: [
        ("@Test func `E14: a report`() {}", [14]), ("@Test(\"E9 A new class\") func x() {}", [9]),
        ("def test_e28_unknown_type(town):", [28]), ("// MARK: E27", []), ("func `E1`() {}", []),
        ("let enterprise = \"E-000451\"", []), ("def test_events_2():", []),
    ])
    func `A row is read from a name alone`(_ line: String, _ rows: [Int]) {
        #expect(Self.rows(in: line).sorted() == rows)
    }
}
