import ArgumentParser
import Duty
import Engine
import Foundation
import Logging
import ProviderDouble

/// The command `dutyclock provider-double`, for tests and trials; it stands in no list of commands.
struct ProviderDoubleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "provider-double",
        abstract: "在本机扮演各家消息平台,供测试和试用。 Plays every provider on this machine, for tests and trials.",
        discussion: """
            通道的 endpoint 指向它的地址即可。验签、长度和频次限制照各家文档执行。
            Point a channel's endpoint at its address. It checks signatures, lengths and limits as documented.
            GET  /_double/received?after=N&provider=P   收到了什么 what came
            GET  /_double/counters                      计数 counts
            GET  /_double/credentials                   它认得的账号 the accounts that it knows
            POST /_double/script                        脚本(JSON) a script
            POST /_double/reset                         全部忘掉 forget everything
            """,
        shouldDisplay: false
    )

    @Option(help: "端口,0 为任意空闲端口 port; 0 takes a free one")
    var port = 0

    @Option(name: .customLong("rules"), help: "脚本文件(JSON) file with a script")
    var script: String?

    @Option(help: "限制所用的钟走得快几倍 how many times as fast the clock of the limits runs")
    var scale = 1.0

    func validate() throws {
        guard (0...65_535).contains(port) else {
            throw ValidationError("--port: 须在 0 到 65535 之间 must be from 0 to 65535")
        }
    }

    func run() async throws {
        let clock = SystemClock()
        let double = ProviderDouble(now: { clock.now() }, scale: scale)
        if let script { try await Self.load(script, into: double) }
        let logger = Logger(label: "provider-double") { _ in SwiftLogNoOpLogHandler() }
        do {
            try await ProviderDoubleServer(double).run(port: port, logger: logger) { address in
                Process.writeOutput(address + "\n")
            }
        } catch {
            throw Failure(ExitStatus.unavailable, "127.0.0.1:\(port): 不能监听 cannot be listened on")
        }
    }

    private static func load(_ path: String, into double: ProviderDouble) async throws {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw Failure(ExitStatus.usage, "\(path): 读不了 cannot be read")
        }
        do {
            try await double.script(try JSONReader.decode([UInt8](data)))
        } catch {
            throw Failure(ExitStatus.badData, "\(path): \(error)")
        }
    }
}
