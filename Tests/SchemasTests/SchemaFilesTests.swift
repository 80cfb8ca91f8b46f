import Duty
import Foundation
import Schemas
import Testing

/// The committed files are what the program makes of its field tables.
@Suite struct SchemaFilesTests {
    private static let docs = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("docs")

    @Test func `The files in docs are what dutyclock schema --output docs writes`() throws {
        for file in InterfaceFiles.all {
            let found = try? String(contentsOf: Self.docs.appendingPathComponent(file.path), encoding: .utf8)
            #expect(found == file.text, "\(file.path) differs; run dutyclock schema --output docs")
        }
    }

    @Test func `There is a schema for every kind of event, and no other`() throws {
        let folder = Self.docs.appendingPathComponent("schemas")
        let found = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(found) == Set(EventKind.allCases.map { EventSchemaDocument($0).fileName }))
        // 39 rows, seven of which name two types or three, escalation by hand, and three types that the rules need.
        #expect(found.count == 52)
    }
}
