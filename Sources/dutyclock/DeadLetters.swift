import ArgumentParser
import AsyncHTTPClient
import Console
import Duty
import DutyConfig

/// A running daemon's API.
struct DaemonAPI {
    let base: String
    let token: Secret?
    /// Of the texts that it is to send, and of what is said of its refusals.
    let locale: DutyclockConfiguration.Locale

    /// - Throws: `Failure` 69 when the daemon cannot be reached, 65 for what it refuses.
    func call(
        _ method: String,
        _ path: String,
        _ document: Value? = nil,
        seconds: Int64 = 15
    ) async throws -> Value {
        var request = HTTPClientRequest(url: base + path)
        request.method = .RAW(value: method)
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token.reveal())") }
        request.headers.add(name: "accept-language", value: locale.rawValue)
        if let document {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(JSONWriter.encode(document))
        }
        let status: UInt
        let body: [UInt8]
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .seconds(2)
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        defer { client.shutdown { _ in } }
        do {
            let response = try await client.execute(request, timeout: .seconds(seconds))
            status = response.status.code
            let buffer = try await response.body.collect(upTo: 64 << 20)
            body = Array(buffer.readableBytesView)
        } catch {
            throw Failure(
                ExitStatus.unavailable,
                "\(base): 连不上守护进程 the daemon cannot be reached: \(Process.words(of: error))"
            )
        }
        let value = (try? JSONReader.decode(body)) ?? .null
        guard (200..<300).contains(status) else {
            throw Failure(status >= 500 ? ExitStatus.unavailable : ExitStatus.badData, refusal(value, status))
        }
        return value
    }

    /// What is wrong in the caller's language, and what to do about it.
    private func refusal(_ value: Value, _ status: UInt) -> String {
        let detail = value["detail"]?.string ?? "HTTP \(status)"
        let chinese = locale == .en ? nil : value["error"]?.string.flatMap(ProblemWords.chinese)
        return hint(status) + (chinese.map { $0 + " " } ?? "") + detail
    }

    private func hint(_ status: UInt) -> String {
        switch status {
        case 401: "请用 --token 或 DUTYCLOCK_TOKEN 出示令牌 show a token by --token or DUTYCLOCK_TOKEN: "
        case 403: "这个令牌的角色不够 the role of this token is not enough: "
        default: ""
        }
    }
}

/// Where the daemon is, who asks, and how to print.
struct APIOptions: ParsableArguments {
    @Option(name: .long, help: "守护进程的地址 the daemon's address")
    var url = "http://127.0.0.1:8080"

    @Option(
        name: .long,
        help: """
            令牌;本机别人看得到命令行,最好放在环境变量 DUTYCLOCK_TOKEN 里 the bearer token; others on this machine \
            can read a command line, so better in the environment as DUTYCLOCK_TOKEN
            """
    )
    var token: String?

    @Flag(name: .long, help: "输出 JSON print JSON")
    var json = false

    /// Without slashes at its end: paths are put behind it.
    private func base() throws -> String {
        var base = url[...]
        while base.last == "/" { base.removeLast() }
        guard ["http://", "https://"].contains(where: { base.hasPrefix($0) && base.count > $0.count }) else {
            throw Failure(
                ExitStatus.usage,
                "--url \(url): 须以 http:// 或 https:// 开头 must start with http:// or https://"
            )
        }
        return String(base)
    }

    /// - Throws: `Failure` 64 for an address or a token that cannot be one; it is not repeated.
    func api(_ language: LocaleOption? = nil) throws -> DaemonAPI {
        let given = token ?? Process.environment["DUTYCLOCK_TOKEN"].flatMap { $0.isEmpty ? nil : $0 }
        if let given, !TokenFile.isToken(given) {
            throw Failure(
                ExitStatus.usage,
                "令牌只能有字母、数字和 - . _ ~ + / = a token has only letters, digits and - . _ ~ + / ="
            )
        }
        return DaemonAPI(
            base: try base(),
            token: given.map { Secret($0) },
            locale: language?.current ?? .ofEnvironment
        )
    }
}

/// The command `dutyclock dlq`.
struct DeadLetters: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dlq",
        abstract: "死信:查看、放回、丢弃。 Dead letters: look, put back, put aside.",
        subcommands: [List.self, Show.self, Retry.self, Discard.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出死信,从最早的起。 List dead letters, the oldest first."
        )
        @Flag(name: .long, help: "只看还没有人处理的 only those that nobody has settled") var waiting = false
        @OptionGroup var rows: RowLimit
        @OptionGroup var options: APIOptions
        @OptionGroup var language: LocaleOption

        func run() async throws {
            let value = try await options.api(language).list(
                "/api/v1/dlq",
                [("only", waiting ? "waiting" : nil)],
                rows: "letters",
                cursor: "after",
                limit: rows.limit
            )
            if options.json { return Process.writeOutput(JSONWriter.text(value) + "\n") }
            let words = BoardWords(language)
            let letters = value["letters"]?.array ?? []
            for letter in letters {
                let place =
                    "\(letter["topic"]?.string ?? "")/\(letter["partition"]?.integer ?? 0)@\(letter["offset"]?.integer ?? 0)"
                Process.writeOutput(
                    "\(letter["number"]?.integer ?? 0)\t\(letter["state"]?.string ?? "")\t\(letter["at"]?.string ?? "")\t"
                        + "\(place)\t\(letter["reason"]?.string ?? "")\t\(words.pick(letter["detailText"]))\n"
                )
            }
            if letters.isEmpty { Process.writeOutput(language.isChinese ? "没有死信\n" : "no dead letters\n") }
            Process.writeOutput(BoardReport(language).more(value["next"]))
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "看一条死信的全部。 Show one dead letter whole.")
        @Argument(help: "编号 its number") var number: Int64
        @OptionGroup var options: APIOptions
        @OptionGroup var language: LocaleOption

        func run() async throws {
            let value = try await options.api(language).call("GET", "/api/v1/dlq/\(number)")
            if options.json { return Process.writeOutput(JSONWriter.text(value) + "\n") }
            let words = BoardWords(language)
            for member in value.members ?? [] {
                let isText = member.value["zh"] != nil
                let text =
                    isText ? words.pick(member.value) : member.value.string ?? JSONWriter.text(member.value)
                Process.writeOutput("\(member.name): \(text)\n")
            }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "放回原主题。 Put back onto its topic.")
        @Argument(help: "编号 their numbers") var numbers: [Int64]
        @OptionGroup var why: ReasonOptions
        @OptionGroup var options: APIOptions

        func run() async throws {
            for number in numbers {
                let value = try await options.api().call(
                    "POST",
                    "/api/v1/dlq/\(number)/retry",
                    why.document
                )
                Process.writeOutput(options.json ? JSONWriter.text(value) + "\n" : "\(number): 已放回 retried\n")
            }
        }
    }

    struct Discard: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "丢弃。 Put aside for good.")
        @Argument(help: "编号 their numbers") var numbers: [Int64]
        @OptionGroup var why: ReasonOptions
        @OptionGroup var options: APIOptions

        func run() async throws {
            for number in numbers {
                let value = try await options.api().call(
                    "POST",
                    "/api/v1/dlq/\(number)/discard",
                    why.document
                )
                Process.writeOutput(
                    options.json ? JSONWriter.text(value) + "\n" : "\(number): 已丢弃 discarded\n"
                )
            }
        }
    }
}
