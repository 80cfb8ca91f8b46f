import Duty
import Foundation
import Testing

@testable import Delivery

/// Real programs, and what their ends mean.
@Suite struct CommandChannelTests {
    private static func run(
        _ script: String,
        environment: [String: String] = [:],
        timeout: Duration = .seconds(20)
    ) async -> SendOutcome {
        let channel = CommandChannel(
            name: "way",
            run: ["sh", "-c", script],
            environment: environment,
            source: "/dutyclock"
        )
        return await channel.send(message(), timeout: timeout)
    }

    @Test(arguments: [("exit 0", nil), ("exit 1", "1"), ("exit 64", "64"), ("exit 127", "127")])
    func theExitStatusIsTheAnswer(_ script: String, _ code: String?) async {
        let outcome = await Self.run(script)
        if let code {
            #expect(outcome == .failed(code: code, reason: "the program failed"))
        } else {
            #expect(outcome == .sent(reference: nil))
        }
    }

    @Test func seventyFiveAsksForAnotherTry() async {
        #expect(
            await Self.run("exit 75")
                == .retry(code: "75", reason: "the program asks to try again", after: nil)
        )
    }

    @Test func aProgramThatWasKilledLeavesDoubt() async {
        #expect(await Self.run("kill -9 $$") == .uncertain(reason: "the program was killed"))
    }

    /// The event comes whole, although the pipe takes only a part of a long one at a time.
    @Test func theEventIsItsInput() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "command-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "event").path
        #expect(await Self.run("cat >\"$OUT\"", environment: ["OUT": file]) == .sent(reference: nil))
        let bytes = [UInt8](try #require(FileManager.default.contents(atPath: file)))
        let event = try JSONReader.decode(bytes)
        #expect(event["type"] == "park.notification.requested.v1")
        #expect(event.at(path: "data.notificationId") == "k1")
        #expect(event.at(path: "data.text") == "正文")
    }

    @Test func aLongInputIsFedBitByBit() {
        let input = [UInt8](repeating: 0x79, count: 300_000)
        let end = ChildProcess.run(
            ["sh", "-c", "sleep 0.05; test $(wc -c) = 300000"],
            environment: ChildProcess.usualEnvironment,
            input: input,
            timeout: .seconds(20)
        )
        #expect(end == .exited(0))
        let deaf = ChildProcess.run(
            ["sh", "-c", "exec 0<&-; sleep 0.1; exit 3"],
            environment: ChildProcess.usualEnvironment,
            input: input,
            timeout: .seconds(20)
        )
        #expect(deaf == .exited(3))
    }

    /// Only what is meant for it: the daemon's environment holds secrets, its sockets are not inherited.
    @Test func aProgramGetsLittleOfThisProcess() async throws {
        setenv("HOOK_SECRET_OF_TEST", "hush", 1)
        let held = open("/dev/null", O_RDONLY)
        defer { close(held) }
        #expect(
            await Self.run("test -z \"$HOOK_SECRET_OF_TEST\" && test ! -e /proc/self/fd/\(held)")
                == .sent(reference: nil)
        )
    }

    @Test func theWholeGroupEndsWithTheTimeout() async throws {
        let mark = "\(61_000 + Int.random(in: 0..<900))"
        let outcome = await Self.run("sleep \(mark) & sleep \(mark)", timeout: .milliseconds(300))
        #expect(outcome == .uncertain(reason: "the program did not end in time"))
        try await eventually { !Self.isRunning("sleep\0\(mark)") }
    }

    private static func isRunning(_ words: String) -> Bool {
        let processes = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return processes.contains { name in
            let line = FileManager.default.contents(atPath: "/proc/\(name)/cmdline") ?? Data()
            return String(decoding: line, as: UTF8.self).hasPrefix(words)
        }
    }

    @Test func aProgramThatIsNotThereOpensTheBreaker() async {
        let channel = CommandChannel(
            name: "way",
            run: ["/nonexistent/program"],
            environment: [:],
            source: "/dutyclock"
        )
        let outcome = await channel.send(message(), timeout: .seconds(5))
        #expect(outcome == .failed(code: "program", reason: "there is no such program"))
        #expect(CommandChannel.type.openCodes.contains("program"))
    }
}
