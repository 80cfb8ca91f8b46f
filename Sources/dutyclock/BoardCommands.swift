import ArgumentParser
import Duty

/// The command `dutyclock status`.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "守护进程的状况。 How a running daemon does."
    )
    @OptionGroup var language: LocaleOption
    @OptionGroup var options: APIOptions

    func run() async throws {
        let value = try await options.api(language).call("GET", "/api/v1/status")
        options.show(value) { BoardReport(language).status($0) }
    }
}

/// The command `dutyclock matters`.
struct Matters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "事项:查找、看一个。 Matters: find them, or show one.",
        subcommands: [List.self, Show.self],
        defaultSubcommand: List.self
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "查找事项。 Find matters.")
        @Option(name: .long, help: "单号的开头,可带类型 the beginning of the number, with its type if wanted")
        var number: String?
        @Option(name: .long, help: "类型,如 complaint type, such as complaint") var type: String?
        @Option(name: .long, help: "running、overdue、closed 或 all running, overdue, closed or all")
        var state: String?
        @Option(name: .long, help: "企业编号,或名称的一部分 an enterprise's id, or a part of its name")
        var enterprise: String?
        @Option(name: .long, help: "服务人员的代号,或姓名的一部分 who serves: a reference, or a part of a name")
        var person: String?
        @Option(name: .long, help: "条款 article of the document") var article: Int?
        @OptionGroup var rows: RowLimit
        @OptionGroup var language: LocaleOption
        @OptionGroup var options: APIOptions

        func run() async throws {
            let value = try await options.api(language).list(
                "/api/v1/matters",
                [
                    ("q", number), ("type", type), ("state", state), ("enterprise", enterprise),
                    ("person", person), ("article", article.map { "\($0)" }),
                ],
                rows: "matters",
                cursor: "after",
                limit: rows.limit
            )
            options.show(value) { BoardReport(language).matters($0["matters"], next: $0["next"]) }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "看一个事项的全部。 Show everything about one matter."
        )
        @Argument(help: "事项,如 complaint/CP-1 the matter, such as complaint/CP-1") var matter: String
        @OptionGroup var language: LocaleOption
        @OptionGroup var options: APIOptions

        func validate() throws {
            guard matter.contains("/") else {
                throw ValidationError(
                    "\(matter): 要写类型和单号 both its type and its number, such as complaint/CP-1"
                )
            }
        }

        func run() async throws {
            let parts = matter.split(separator: "/", maxSplits: 1).map { DaemonAPI.segment(String($0)) }
            let value = try await options.api(language).call(
                "GET",
                "/api/v1/matters/" + parts.joined(separator: "/")
            )
            options.show(value) { BoardReport(language).matter($0) }
        }
    }
}

/// The command `dutyclock deadlines`.
struct Deadlines: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "时限:正在计时的和已超时的。 Limits that run, and those that have run out."
    )
    @Option(name: .long, help: "只看这天到期的 due on this day alone") var day: String?
    @Option(name: .long, help: "从这天起到期的 due from this day on") var from: String?
    @Option(name: .long, help: "到这天为止到期的 due until this day, included") var to: String?
    @Option(name: .long, help: "running、overdue 或 all running, overdue or all") var state: String?
    @OptionGroup var rows: RowLimit
    @OptionGroup var language: LocaleOption
    @OptionGroup var options: APIOptions

    func run() async throws {
        let value = try await options.api(language).list(
            "/api/v1/deadlines",
            [("day", day), ("from", from), ("to", to), ("state", state)],
            rows: "deadlines",
            cursor: "after",
            limit: rows.limit
        )
        options.show(value) { BoardReport(language).matters($0["deadlines"], next: $0["next"]) }
    }
}

/// The command `dutyclock alerts`.
struct Alerts: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "通知:告知了谁,送到没有。 Notifications: who was told, and whether it arrived."
    )
    @Flag(name: .long, help: "只看未送达、重试中、存疑的 only those not delivered, being tried again, or in doubt")
    var trouble = false
    @OptionGroup var rows: RowLimit
    @OptionGroup var language: LocaleOption
    @OptionGroup var options: APIOptions

    func run() async throws {
        let value = try await options.api(language).list(
            "/api/v1/alerts",
            [("only", trouble ? "trouble" : nil)],
            rows: "alerts",
            cursor: "before",
            limit: rows.limit
        )
        options.show(value) { BoardReport(language).alerts($0) }
    }
}

/// The command `dutyclock roster`.
struct RosterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roster",
        abstract: "现在谁服务谁。 Who serves whom now."
    )
    @Option(name: .long, help: "只看这家企业 this enterprise alone") var enterprise: String?
    @Option(name: .long, help: "只看此人 this person alone") var person: String?
    @OptionGroup var language: LocaleOption
    @OptionGroup var options: APIOptions

    /// More than a county has.
    private static let most = 1_000_000

    func run() async throws {
        let value = try await options.api(language).list(
            "/api/v1/roster",
            [("enterprise", enterprise), ("person", person)],
            rows: "assignments",
            cursor: "after",
            limit: Self.most
        )
        options.show(value) { BoardReport(language).roster($0) }
    }
}

/// How much of a list is printed.
struct RowLimit: ParsableArguments {
    @Option(name: .long, help: "最多几条 at most so many rows") var limit = 50

    func validate() throws {
        guard (1...1_000_000).contains(limit) else {
            throw ValidationError("--limit 为 1 到 1000000 --limit is from 1 to 1000000")
        }
    }
}

extension APIOptions {
    /// Prints what the daemon has answered, as JSON or in words.
    func show(_ value: Value, _ words: (Value) -> String) {
        Process.writeOutput(json ? JSONWriter.text(value) + "\n" : words(value))
    }
}
