import ArgumentParser
import Duty
import UnixSignals

/// The command `dutyclock watch`.
struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "在终端里实时看:时限和指标。 A live view in the terminal: limits and figures.",
        discussion: """
            有变化立刻更新,剩余时间每秒更新;q 或 Ctrl-C 退出。输出不是终端时打印一次就结束。
            Follows every change, and counts down each second; q or Ctrl-C ends it. Where the output is no terminal it \
            prints once and ends.
            """
    )
    @OptionGroup var language: LocaleOption
    @OptionGroup var options: APIOptions

    func run() async throws {
        let api = try options.api(language)
        // Before the screen is taken: a daemon that is away, or a token that is not enough, is said as ever.
        let first = try await Self.load(api)
        guard Terminal.isThere, !options.json else {
            return options.show(first.value) { _ in
                WatchScreen(first, language, hasColours: false).lines(columns: .max, rows: nil)
                    .joined(separator: "\n") + "\n"
            }
        }
        // From here on a signal gives the terminal back first.
        let signals = await UnixSignalsSequence(trapping: .sigwinch, .sigint, .sigterm, .sighup)
        let terminal = Terminal()
        defer { terminal.leave() }
        await show(first, terminal, signals, api)
    }

    private enum Event: Sendable {
        case key(UInt8?), signal(UnixSignal), second, live(Bool), loaded(WatchState), failed(String)
    }

    private func show(
        _ first: WatchState,
        _ terminal: Terminal,
        _ signals: UnixSignalsSequence,
        _ api: DaemonAPI
    ) async {
        let (events, event) = AsyncStream.makeStream(of: Event.self)
        // One wish to load stands for all that come while one is being carried out.
        let (wishes, wish) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        Terminal.keys { event.yield(.key($0)) }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await signal in signals { event.yield(.signal(signal)) } }
            group.addTask { await Self.tick { event.yield(.second) } }
            group.addTask {
                await Self.follow(api, isLive: { event.yield(.live($0)) }, onChange: { wish.yield() })
            }
            group.addTask {
                for await _ in wishes {
                    do {
                        event.yield(.loaded(try await Self.load(api)))
                    } catch {
                        event.yield(.failed((error as? Failure)?.message ?? "\(error)"))
                    }
                    try? await Task.sleep(for: Self.pause)
                }
            }
            await draw(first, terminal, events, reload: { wish.yield() })
            group.cancelAll()
        }
    }

    private func draw(
        _ first: WatchState,
        _ terminal: Terminal,
        _ events: AsyncStream<Event>,
        reload: () -> Void
    ) async {
        var state = first
        var loaded = ContinuousClock.now
        func show() {
            let size = Terminal.size
            state.elapsed = (ContinuousClock.now - loaded).components.seconds
            terminal.draw(
                WatchScreen(state, language, hasColours: Terminal.hasColours)
                    .lines(columns: size.columns, rows: size.rows)
            )
        }
        show()
        for await event in events {
            switch event {
            case .key(nil), .key(UInt8(ascii: "q")), .key(UInt8(ascii: "Q")), .key(Self.controlC): return
            case .signal(.sigwinch): show()
            case .signal: return
            case .key: continue
            case .second:
                if ContinuousClock.now - loaded > Self.longest { reload() }
                show()
            case .live(let isLive):
                state.isLive = isLive
                // Whatever happened while nobody listened.
                if isLive { reload() }
                show()
            case .loaded(var fresh):
                fresh.isLive = state.isLive
                state = fresh
                loaded = .now
                show()
            case .failed(let problem):
                state.problem = problem
                show()
            }
        }
    }

    private static let controlC: UInt8 = 3
    /// Between two loads, and the age at which one is due without any news.
    private static let pause = Duration.milliseconds(250)
    private static let longest = Duration.seconds(10)
    /// Rows of each list that are asked for; more than a wall has.
    private static let rows = 100

    private static func tick(_ second: () -> Void) async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            second()
        }
    }

    /// Listens for changes, again and again.
    private static func follow(_ api: DaemonAPI, isLive: (Bool) -> Void, onChange: () -> Void) async {
        while !Task.isCancelled {
            try? await api.follow(isOpen: { isLive(true) }, onChange: onChange)
            isLive(false)
            try? await Task.sleep(for: .seconds(2))
        }
    }

    private static func load(_ api: DaemonAPI) async throws -> WatchState {
        async let status = api.call("GET", "/api/v1/status")
        async let rates = api.call("GET", "/api/v1/rates")
        async let overdue = api.call("GET", "/api/v1/deadlines?state=overdue&limit=\(rows)")
        async let running = api.call("GET", "/api/v1/deadlines?state=running&limit=\(rows)")
        var state = WatchState()
        state.status = try await status
        state.rates = try await rates["rates"]?.array ?? []
        state.overdue = try await overdue["deadlines"]?.array ?? []
        state.running = try await running["deadlines"]?.array ?? []
        return state
    }
}
