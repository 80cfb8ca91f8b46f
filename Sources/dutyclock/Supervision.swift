import ArgumentParser
import Duty

/// A part of a path, with everything encoded that could end it.
private func pathPart(_ text: String) -> String {
    text.utf8.map { byte in
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            String(UnicodeScalar(byte))
        default:
            "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }.joined()
}

/// Texts of an order, without those that were not given.
private func order(
    _ texts: KeyValuePairs<String, String?>,
    _ numbers: KeyValuePairs<String, Int?> = [:]
) -> Value {
    .object(
        texts.compactMap { name, text in text.map { Value.Member(name, .string($0)) } }
            + numbers.compactMap { name, number in
                number.map { Value.Member(name, .integer(Int64($0))) }
            }
    )
}

/// Why, and who says so.
struct ReasonOptions: ParsableArguments {
    @Option(name: .long, help: "理由,记入流水,不超过 200 字 why; goes into the journal, at most 200 characters")
    var reason: String

    @Option(name: .long, help: "由谁决定(人员代号),仅在不查令牌时有效 who decided, where no token is asked for")
    var by: String?

    var document: Value { order(["reason": reason, "by": by]) }
}

/// The command `dutyclock escalate`.
struct EscalateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "escalate",
        abstract: "人工升级:立即告知某一步骤的人员。 Have a step of the ladder told at once."
    )

    @Argument(help: "事项,如 complaint/CP-1 the matter, such as complaint/CP-1") var matter: String
    @Option(name: .long, help: "规则,如 A22.response the rule") var rule: String
    @Option(name: .long, help: "步骤,如 escalate60 the step") var stage: String
    @Option(name: .long, help: "第几轮 the cycle, where several are owed") var cycle: Int?
    @Option(name: .long, help: "规则中的对象 what the rule is about, where it has several") var subject: String?
    @Option(name: .long, help: "请求编号;同一编号只执行一次 the request's id; one id is carried out once")
    var request: String?
    @OptionGroup var why: ReasonOptions
    @OptionGroup var options: APIOptions

    func run() async throws {
        let parts = matter.split(separator: "/", maxSplits: 1)
        guard parts.count == 2 else {
            throw Failure(ExitStatus.usage, "\(matter): 应为 类别/编号 written as type/number")
        }
        let value = try await options.api().call(
            "POST",
            "/api/v1/matters/\(parts[0])/\(pathPart(String(parts[1])))/escalate",
            order(
                [
                    "ruleId": rule, "stage": stage, "subject": subject, "reason": why.reason, "by": why.by,
                    "requestId": request,
                ],
                ["cycle": cycle]
            )
        )
        let text = "\(matter) \(stage): 已提请升级 escalation asked for, \(value["requestId"]?.string ?? "")\n"
        Process.writeOutput(options.json ? JSONWriter.text(value) + "\n" : text)
    }
}

/// The command `dutyclock ack`.
struct AcknowledgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack",
        abstract: "代为确认收到通知。 Acknowledge a notification for the one who was told."
    )

    @Argument(help: "通知的键 the notification's key") var notification: String
    @Option(name: .long, help: "请求编号 the request's id") var request: String?
    @OptionGroup var why: ReasonOptions
    @OptionGroup var options: APIOptions

    func run() async throws {
        let value = try await options.api().call(
            "POST",
            "/api/v1/notifications/\(pathPart(notification))/acknowledge",
            order(["reason": why.reason, "by": why.by, "requestId": request])
        )
        Process.writeOutput(
            options.json
                ? JSONWriter.text(value) + "\n" : "\(notification): 已代为确认 acknowledged for them\n"
        )
    }
}

/// The command `dutyclock silence`.
struct SilenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "silence",
        abstract: "静默期:查看、设置、结束。 Silences: look, set, end.",
        subcommands: [List.self, Set.self, End.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出静默期。 List silences.")
        @OptionGroup var options: APIOptions

        func run() async throws {
            let value = try await options.api().call("GET", "/api/v1/silences")
            if options.json { return Process.writeOutput(JSONWriter.text(value) + "\n") }
            let silences = value["silences"]?.array ?? []
            for silence in silences {
                let texts = ["silenceId", "state", "from", "until", "by"].map { silence[$0]?.string ?? "" }
                let scope = silence["scope"].map { JSONWriter.text($0) } ?? ""
                let more = [String(silence["matters"]?.integer ?? 0), scope, silence["reason"]?.string ?? ""]
                Process.writeOutput((texts + more).joined(separator: "\t") + "\n")
            }
            if silences.isEmpty { Process.writeOutput("没有静默期 no silences\n") }
        }
    }

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "设置静默期:只停告知,不停记录。 Set a silence: it stops telling, never recording."
        )

        @Option(name: .long, help: "多少分钟 for how many minutes") var minutes: Int?
        @Option(name: .long, help: "自何时,RFC 3339;不写则为现在 from when; now without it") var from: String?
        @Option(name: .long, help: "至何时,RFC 3339 until when") var until: String?
        @Option(name: .long, help: "只限这一事项,如 complaint/CP-1 this matter only") var matter: String?
        @Option(name: .long, help: "只限这家企业 this enterprise only") var enterprise: String?
        @Option(name: .long, help: "只限这条规则 this rule only") var rule: String?
        @Option(name: .long, help: "只限这一角色 this role only") var role: String?
        @Option(name: .long, help: "只限这个人 this person only") var person: String?
        @Flag(name: .long, help: "全部 everything") var all = false
        @Option(name: .long, help: "编号;不写则自动生成 its id") var id: String?
        @OptionGroup var why: ReasonOptions
        @OptionGroup var options: APIOptions

        func validate() throws {
            guard (minutes == nil) != (until == nil) else {
                throw ValidationError("须给出 --minutes 或 --until,只给一个 give --minutes or --until")
            }
            guard all != [matter, enterprise, rule, role, person].contains(where: { $0 != nil }) else {
                throw ValidationError(
                    "须说明范围,或者 --all say for what, or --all"
                )
            }
        }

        func run() async throws {
            let scope = order([
                "matter": matter, "enterpriseId": enterprise, "ruleId": rule, "role": role,
                "personRef": person,
            ])
            let rest = order(
                ["silenceId": id, "from": from, "until": until, "reason": why.reason, "by": why.by],
                ["minutes": minutes]
            )
            let value = try await options.api().call(
                "POST",
                "/api/v1/silences",
                .object((rest.members ?? []) + [Value.Member("scope", all ? ["all": true] : scope)])
            )
            let text = "\(value["silenceId"]?.string ?? ""): 已设置 set\n"
            Process.writeOutput(options.json ? JSONWriter.text(value) + "\n" : text)
        }
    }

    struct End: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "提前结束。 End a silence before its time.")
        @Argument(help: "编号 its id") var id: String
        @OptionGroup var why: ReasonOptions
        @OptionGroup var options: APIOptions

        func run() async throws {
            let value = try await options.api().call(
                "DELETE",
                "/api/v1/silences/" + pathPart(id),
                order(["reason": why.reason, "by": why.by])
            )
            Process.writeOutput(options.json ? JSONWriter.text(value) + "\n" : "\(id): 已结束 ended\n")
        }
    }
}
