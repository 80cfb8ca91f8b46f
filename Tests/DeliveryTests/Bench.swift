import Delivery
import Duty

/// A dispatcher at work, with everything around it.
struct Bench {
    let outbox: MemoryOutbox
    let clock = ManualClock()
    let listener = Listener()
    let dispatcher: Dispatcher
    let task: Task<Void, Never>

    init(
        _ channels: [ScriptedChannel],
        outbox: MemoryOutbox,
        route: [String]? = nil,
        routing: [MessageClass: [String]]? = nil,
        shadow: Bool = false,
        templates folder: String = templates("zh-CN"),
        tune: (inout DispatchPolicy) -> Void = { _ in },
        addresses: @escaping @Sendable (PersonRef, String) -> String? = { person, _ in person.text }
    ) {
        var policy = DispatchPolicy()
        policy.jitter = { _, _, _ in 1 }
        policy.fallback.breaker = CircuitBreaker(threshold: 1_000)
        tune(&policy)
        let names = route ?? channels.map(\.name)
        self.outbox = outbox
        let dispatcher = Dispatcher(
            outbox: outbox,
            channels: Dictionary(uniqueKeysWithValues: channels.map { ($0.name, $0) }),
            routing: routing ?? [.personal: names, .group: names],
            addresses: addresses,
            renderer: MessageRenderer(directory: folder),
            clock: clock,
            policy: policy,
            observer: listener,
            shadow: shadow
        )
        self.dispatcher = dispatcher
        dispatcher.poke()
        task = Task { await dispatcher.run() }
    }

    func stop() async {
        task.cancel()
        await task.value
    }

    /// Moves the clock in steps until `condition` holds.
    func forward(until condition: () async -> Bool) async throws {
        try await eventually {
            if await condition() { return true }
            clock.advance(.milliseconds(200))
            return false
        }
    }
}
