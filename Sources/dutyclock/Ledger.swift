import ArgumentParser
import Duty

/// The command `dutyclock ledger`.
struct Ledger: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "责任分担台账:查看、导出、个人对账单。 The ledger of shares: show, export, a statement for one person.",
        discussion: """
            台账只记内部责任,罚款始终由被处罚企业自己承担缴纳义务。
            The ledger records who answers for what inside; the fine itself stays the enterprise's own matter.
            """,
        subcommands: [Show.self, Export.self, Statement.self]
    )

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "查看分录、余额和科目。 Show entries, balances and accounts."
        )
        @OptionGroup var selection: LedgerSelection
        @Option(name: .long, help: "只看此人 only this person") var person: String?
        @OptionGroup var language: LocaleOption
        @OptionGroup var options: APIOptions

        func run() async throws {
            let path = selection.path("/api/v1/ledger", [("person", person)])
            let value = try await options.api(language).call("GET", path)
            Process.writeOutput(
                options.json ? JSONWriter.text(value) + "\n" : LedgerReport(language).ledger(value)
            )
        }
    }

    struct Export: AsyncParsableCommand {
        enum Format: String, ExpressibleByArgument, CaseIterable { case csv, json }

        static let configuration = CommandConfiguration(
            abstract: "导出分录,金额为整数分。 Export entries, amounts in whole fen.",
            discussion: """
                CSV 为 UTF-8,开头带字节顺序标记,表格软件据此认出中文;--no-mark 去掉它。可能被当作公式的文字前加一个撇号。
                CSV is UTF-8 and begins with a byte order mark, by which spreadsheets recognize it; --no-mark leaves it \
                out. Text that a spreadsheet would take for a formula gets an apostrophe in front.
                """
        )
        @OptionGroup var selection: LedgerSelection
        @Option(name: .long, help: "只看此人 only this person") var person: String?
        @Option(name: .long, help: "csv 或 json csv or json") var format: Format?
        @Flag(name: .customLong("no-mark"), help: "不写字节顺序标记 no byte order mark") var isUnmarked = false
        @OptionGroup var options: APIOptions

        func run() async throws {
            let path = selection.path("/api/v1/ledger", [("person", person)])
            let entries = try await options.api().call("GET", path)["entries"]?.array ?? []
            switch format ?? (options.json ? .json : .csv) {
            case .csv: Process.writeOutput(LedgerCSV.text(entries, mark: !isUnmarked))
            case .json:
                let value = Value.object([Value.Member("entries", .array(entries))])
                Process.writeOutput(JSONWriter.text(value) + "\n")
            }
        }
    }

    struct Statement: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "一个人的对账单,只有此人自己的内容。 A statement for one person, with nothing of anybody else."
        )
        @Argument(help: "人员代号 the person's reference") var person: String
        @OptionGroup var selection: LedgerSelection
        @OptionGroup var language: LocaleOption
        @OptionGroup var options: APIOptions

        func run() async throws {
            let path = selection.path("/api/v1/ledger/statement", [("person", person)])
            let value = try await options.api(language).call("GET", path)
            Process.writeOutput(
                options.json ? JSONWriter.text(value) + "\n" : LedgerReport(language).statement(value)
            )
        }
    }
}

/// Which entries a command is about.
struct LedgerSelection: ParsableArguments {
    @Option(name: .long, help: "只看这笔罚款 only this fine") var fine: String?
    @Option(name: .long, help: "从这天(或时刻)起 from this day or RFC 3339 time on") var from: String?
    @Option(name: .long, help: "到这天为止(含当天;时刻则不含) to this day, or before this time") var to: String?

    /// The path with the selection as its query.
    func path(_ path: String, _ more: [(String, String?)]) -> String {
        DaemonAPI.path(path, [("fine", fine), ("from", from), ("to", to)] + more)
    }
}
