import ArgumentParser
import DutyConfig
import Foundation
import Storage
import Synchronization

/// The command `dutyclock audit verify`.
struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "审计。 Audit.",
        subcommands: [Verify.self]
    )

    /// Recomputes the hash chains of journal and ledger.
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "重算流水与台账的散列链。 Recompute the hash chains of journal and ledger."
        )

        @OptionGroup var file: ConfigurationOption
        @OptionGroup var language: LocaleOption

        @Option(name: .long, help: "数据库文件,代替配置中的 a database file instead of the configured one")
        var database: String?

        func run() async throws {
            let path = try database ?? configured()
            guard FileManager.default.fileExists(atPath: path) else {
                throw Failure(ExitStatus.unavailable, "\(path): 没有这个文件 no such file")
            }
            let store: SQLiteStore
            do {
                store = try SQLiteStore(path: path, exclusively: false)
            } catch StoreError.unusable(let reason) {
                throw Failure(ExitStatus.badData, reason.pick(language.current))
            } catch {
                throw Failure(ExitStatus.badData, "\(path): 读不了 cannot be read: \(error)")
            }
            let bar = Mutex<ProgressBar?>(nil)
            let report = try await store.verify { done, total in
                bar.withLock { bar in
                    if bar == nil { bar = ProgressBar("核对 verify", total: total) }
                    bar?.show(done)
                }
            }
            for flaw in report.flaws {
                Process.writeError("\(flaw.chain) \(flaw.sequence): \(flaw.reason.pick(language.current))\n")
            }
            guard report.isSound else {
                throw Failure(
                    ExitStatus.badData,
                    "散列链已断,共 \(report.flaws.count) 处 the chain is broken in \(report.flaws.count) places"
                )
            }
            Process.writeOutput(
                "流水 \(report.journalRecords) 条、台账 \(report.ledgerEntries) 条,散列链完好。 "
                    + "journal \(report.journalRecords), ledger \(report.ledgerEntries): sound\n"
            )
        }

        private func configured() throws -> String {
            switch try Installation.require(path: file.path, needing: .none, in: language.asked)
                .configuration.store
            {
            case .sqlite(let path): path
            }
        }
    }
}
