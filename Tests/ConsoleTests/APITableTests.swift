import Duty
import Foundation
import Hummingbird
import Testing

@testable import Console

/// The table that the OpenAPI document is made from, against the routes themselves.
@Suite struct APITableTests {
    private struct Route: Hashable, CustomStringConvertible {
        let method: String
        let path: String
        var description: String { method + " " + path }

        init(_ method: String, _ path: String) {
            self.method = method.lowercased()
            self.path = path
        }
    }

    /// Pages, and what they alone use.
    private static func isForPrograms(_ path: String) -> Bool {
        path.hasPrefix("/api/") || ["/healthz", "/readyz", "/metrics", "/openapi.yaml"].contains(path)
    }

    private static let described = Set(APIOperations.all.map { Route($0.method.rawValue, $0.path) })

    @Test func everyRouteIsDescribedAndEveryDescriptionHasARoute() async throws {
        try await TestConsole.with { console in
            let routes = console.premises.server.router().routes
            let found = routes.filter { Self.isForPrograms($0.path.description) && $0.method != .head }
                .map { Route($0.method.rawValue, $0.path.description) }
            #expect(Set(found) == Self.described)
            // So that no new kind of path goes by unseen.
            #expect(routes.count > found.count + 8)
        }
        #expect(Self.described.count == APIOperations.all.count, "a path is described twice")
        #expect(Set(APIOperations.all.map(\.id)).count == APIOperations.all.count)
    }

    @Test func whoMayAskIsWhatTheTableSays() async throws {
        try await TestConsole.with { console in
            // Streams go on until the caller leaves.
            for operation in APIOperations.all where operation.id != "stream" {
                let path = operation.path.split(separator: "/", omittingEmptySubsequences: false)
                    .map { $0.hasPrefix("{") ? "1" : $0 }.joined(separator: "/")
                let method = try #require(
                    HTTPRequest.Method(rawValue: operation.method.rawValue.uppercased())
                )
                func ask(_ token: String?) async throws -> Int {
                    try await console.ask(path, method, token: token).status
                }
                guard let permission = operation.permission else {
                    #expect(try await ask(nil) != 401, "\(operation.id)")
                    continue
                }
                #expect(try await ask(nil) == 401, "\(operation.id)")
                for role in AccessRole.allCases {
                    let status = try await ask(TestConsole.token(role))
                    #expect((status == 403) == !role.may(permission), "\(operation.id) \(role)")
                    #expect(status != 401, "\(operation.id) \(role)")
                    let known = operation.answers.map(\.status) + operation.refusals + [403]
                    #expect(known.contains(status), "\(operation.id) \(role): \(status) is not described")
                }
            }
        }
    }

    @Test func theDocumentIsWhatStandsInDocsAndWhatIsServed() async throws {
        let docs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs")
        let file = docs.appendingPathComponent(OpenAPIDocument.fileName)
        let found = try? String(contentsOf: file, encoding: .utf8)
        #expect(found == OpenAPIDocument.text, "run dutyclock schema --output docs")
        try await TestConsole.with { console in
            let served = try await console.ask("/openapi.yaml").body
            #expect(served == OpenAPIDocument.text)
        }
    }

    @Test func everyNamedSchemaIsThereAndEveryOneIsUsed() {
        let names = Set(APISchemas.all.map(\.name)).union(["NotificationState"])
        #expect(names.count == APISchemas.all.count + 1)
        var used = Set<String>(["Problem"])
        func look(_ value: Value) {
            if let path = value["$ref"]?.string, let name = path.split(separator: "/").last {
                used.insert(String(name))
            }
            for member in value.members ?? [] { look(member.value) }
            for element in value.array ?? [] { look(element) }
        }
        for field in APISchemas.all.flatMap(\.fields) { look(field.schema) }
        for operation in APIOperations.all {
            for content in operation.body + operation.answers.flatMap(\.content) { look(content.schema) }
            for parameter in operation.parameters { look(parameter.schema) }
        }
        #expect(used == names)
        for field in APISchemas.all.flatMap(\.fields) + APIOperations.all.flatMap(\.parameters) {
            #expect(
                !field.name.isEmpty && !field.wording.chinese.isEmpty && !field.wording.english.isEmpty,
                "\(field)"
            )
        }
    }
}
