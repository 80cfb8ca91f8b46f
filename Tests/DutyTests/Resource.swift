import Duty
import Foundation
import Testing

/// The files beside the tests.
enum Resource {
    /// The folder of these tests, from the path of this very file.
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    static func json(_ name: String) -> Value {
        do {
            let file = folder.appendingPathComponent("Resources").appendingPathComponent(name + ".json")
            return try JSONReader.decode(Array(Data(contentsOf: file)))
        } catch {
            Issue.record("\(name): \(error)")
            return .null
        }
    }
}
