import Duty
import Foundation
import Testing

@testable import DutyConfig

@Suite struct TokenFileTests {
    private static let one = "correct-horse-battery/1"
    private static let other = "correct-horse-battery/2"

    private func folder(_ tokens: String, http: String = "tokens: tokens.yaml") -> TestFolder {
        let folder = TestFolder()
        folder.alter("dutyclock.yaml", "open: true", http)
        folder.write("tokens.yaml", "tokens:\n" + tokens)
        folder.write("one.token", Self.one + "\n")
        folder.write("short.token", "hunter2")
        folder.write("odd.token", "correct horse battery staple")
        return folder
    }

    private func said(_ folder: borrowing TestFolder, _ environment: [String: String] = [:]) -> [String] {
        folder.load(environment).problems.map {
            $0.description.replacingOccurrences(of: folder.path + "/", with: "")
        }
    }

    @Test func tokensComeFromWhereSecretsDo() throws {
        let folder = folder(
            """
              - { name: board, role: viewer, token: { file: one.token } }
              - { name: registry, role: producer, token: { env: DUTYCLOCK_REGISTRY } }
            """
        )
        let loaded = folder.load(["DUTYCLOCK_REGISTRY": Self.other, "DUTYCLOCK_TOKEN": "of another command"])
        #expect(loaded.problems == [])
        let entries = try #require(loaded.value).http.tokens
        #expect(entries.map(\.name) == ["board", "registry"])
        #expect(entries.map(\.role) == [.viewer, .producer])
        #expect(entries.map { $0.token.reveal() } == [Self.one, Self.other])
        var dumped = ""
        dump(loaded.value, to: &dumped)
        #expect(!dumped.contains("correct-horse"))
    }

    @Test(arguments: [
        (
            "  - { name: a, role: boss, token: { file: one.token } }",
            ["tokens.yaml:2: tokens[0].role: must be one of viewer, supervisor, admin, producer, is \"boss\""]
        ),
        (
            "  - { name: a, role: admin, token: correct-horse-battery/1 }",
            [
                "tokens.yaml:2: tokens[0].token: a secret must not stand in the file; write {file: PATH}, "
                    + "{env: NAME} or {credential: NAME}"
            ]
        ),
        (
            "  - { name: a, role: admin, token: { file: short.token } }",
            ["tokens.yaml:2: tokens[0].token: is shorter than 20 characters"]
        ),
        (
            "  - { name: a, role: admin, token: { file: odd.token } }",
            ["tokens.yaml:2: tokens[0].token: may only have letters, digits and - . _ ~ + / ="]
        ),
        (
            "  - { name: a, role: admin, token: { file: one.token } }\n"
                + "  - { name: a, role: viewer, token: { env: OTHER } }",
            ["tokens.yaml:3: tokens[1].name: \"a\" is given twice"]
        ),
        (
            "  - { name: a, role: admin, token: { file: one.token } }\n"
                + "  - { name: b, role: viewer, token: { file: one.token } }",
            ["tokens.yaml:3: tokens[1].token: is the token of \"a\" as well"]
        ),
        (
            "  - { name: a, role: admin, token: { file: one.token }, scope: all }",
            ["tokens.yaml:2: tokens[0].scope: unknown key"]
        ),
    ])
    func aMistakeIsSaidWithItsPlaceAndWithoutTheToken(_ tokens: String, _ said: [String]) {
        let folder = folder(tokens)
        let problems = self.said(folder, ["OTHER": Self.other])
        #expect(problems == said)
        #expect(!problems.contains { $0.contains("correct") || $0.contains("hunter2") })
    }

    @Test func tokensBesideOpenAreAMistake() {
        let folder = folder(
            "  - { name: a, role: admin, token: { file: one.token } }",
            http: "open: true, tokens: tokens.yaml"
        )
        #expect(said(folder) == ["dutyclock.yaml:13: http.tokens: has no effect while http.open is true"])
    }

    @Test func aMissingFileIsSaid() {
        let folder = folder("[]", http: "tokens: gone.yaml")
        #expect(said(folder) == ["dutyclock.yaml:13: http.tokens: gone.yaml does not exist"])
    }
}
