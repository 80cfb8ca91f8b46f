import Duty
import Synchronization

/// Takes rows of the outbox and sends them, each channel at its own pace.
///
/// The intent is durable before a byte leaves and the outcome afterwards, so a row is never sent twice on a
/// channel that may have taken it. What comes next is decided by ``Move`` alone.
package actor Dispatcher {
    let outbox: any Outbox
    let channels: [String: any Channel]
    let addresses: @Sendable (PersonRef, String) -> String?
    let names: @Sendable (PersonRef) -> String
    let links: @Sendable (Notification) -> String?
    let clock: any DispatcherClock
    private(set) var policy: DispatchPolicy
    let observer: any DispatchObserver
    let shadow: Bool

    var routing: [MessageClass: [String]]
    var renderer: MessageRenderer
    var lanes: [String: Lane]
    /// To go through the lanes by: while their dictionary is gone through itself, each change copies what waits there.
    let laneNames: [String]
    /// Keys between being taken and their outcome being on disk.
    var inHand: Set<String> = []
    /// Channels without room for more.
    var full: [String: Fullness] = [:]
    /// What waits in the outbox for room on a channel, though its key is in hand.
    var aside: [String: PriorityQueue<Aside>] = [:]
    /// Outcomes that are not on disk yet.
    var unrecorded: [Finished] = []
    var isRecording = false
    var sending = 0
    var storeFailures = 0
    var storeRetryAt = Instant.distantPast
    /// When to look again for what waits too long.
    var relieveAt = Instant.distantFuture
    /// Whether budgets know what earlier runs sent.
    var hasRemembered = false

    var mayHaveMore = true
    private var nextTake = Instant.distantFuture
    private var timer: Task<Void, Never>?
    private var timerAt: Instant?
    private var drainUntil: Instant?
    let poked = Atomic<Bool>(false)
    private let stopped = Atomic<Bool>(false)
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation

    /// A dispatcher for the named `channels`; `routing` lists those of each class in the order of trial.
    ///
    /// `addresses` gives the address of a person on a channel, if there is one, and `names` how a person is
    /// called in a text; `links` gives the address at which its recipient may answer. With
    /// `shadow`, nothing is sent and every attempt is recorded as sent.
    package init(
        outbox: any Outbox,
        channels: [String: any Channel],
        routing: [MessageClass: [String]],
        addresses: @escaping @Sendable (PersonRef, _ channel: String) -> String?,
        names: @escaping @Sendable (PersonRef) -> String = { $0.text },
        links: @escaping @Sendable (Notification) -> String? = { _ in nil },
        renderer: MessageRenderer,
        clock: any DispatcherClock,
        policy: DispatchPolicy,
        observer: any DispatchObserver,
        shadow: Bool
    ) {
        self.outbox = outbox
        self.channels = channels
        self.routing = routing
        self.addresses = addresses
        self.names = names
        self.links = links
        self.renderer = renderer
        self.clock = clock
        self.policy = policy
        self.observer = observer
        self.shadow = shadow
        lanes = Dictionary(uniqueKeysWithValues: channels.keys.map { ($0, Lane(policy[$0])) })
        laneNames = channels.keys.sorted()
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Says that new rows were committed.
    ///
    /// Cheap, and callable from any thread; many calls become one look at the outbox.
    package nonisolated func poke() {
        poked.store(true, ordering: .releasing)
        waker.yield()
    }

    /// Sends until the task is cancelled.
    ///
    /// Then it starts nothing new and lets attempts under way finish within the policy's `drainTimeout`. To be
    /// called once.
    package func run() async {
        // The work is no child of this task: its cancellation must not reach the attempts under way.
        let work = Task { await self.work() }
        waker.yield()
        await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            stopped.store(true, ordering: .releasing)
            waker.yield()
        }
    }

    /// Replaces what a reload of the configuration may change; attempts under way are not touched.
    package func update(
        routing: [MessageClass: [String]],
        renderer: MessageRenderer,
        quietHours: QuietHours?
    ) {
        self.routing = routing
        self.renderer = renderer
        policy.quietHours = quietHours
        for name in aside.keys { takeBack(.max, from: name) }
        poke()
    }

    /// The channels of a class, in the order of trial.
    package func channels(of messageClass: MessageClass) -> [String] { routing[messageClass] ?? [] }

    var isStopping: Bool { stopped.load(ordering: .acquiring) }

    func wake() { waker.yield() }

    private func work() async {
        for await _ in wakes {
            if isStopping {
                if hasDrained() { break }
            } else {
                await turn()
            }
            record()
            arm()
        }
        timer?.cancel()
    }

    private func hasDrained() -> Bool {
        let until = drainUntil ?? clock.now() + policy.drainTimeout
        drainUntil = until
        return (sending == 0 && unrecorded.isEmpty && !isRecording) || clock.now() >= until
    }

    private func turn() async {
        let now = clock.now()
        if poked.exchange(false, ordering: .acquiringAndReleasing) || now >= nextTake { mayHaveMore = true }
        guard now >= storeRetryAt else { return }
        await remember()
        guard hasRemembered else { return }
        lookForRoom()
        if mayHaveMore { await take() }
        guard clock.now() >= storeRetryAt else { return }
        relieve()
        await launch()
    }

    // MARK: Taking rows

    private func take() async {
        let now = clock.now()
        mayHaveMore = false
        do {
            let items = try await outbox.take(
                limit: policy.takeLimit,
                now: now,
                excluding: inHand,
                passingOver: classesWithoutRoom()
            )
            storeFailures = 0
            let fresh = items.filter { inHand.insert($0.notification.key).inserted }
            for item in fresh where !putAside(item) { place(item) }
            if items.count >= policy.takeLimit, !fresh.isEmpty {
                mayHaveMore = true
                wake()
            } else {
                await lookAhead(from: now)
            }
        } catch {
            mayHaveMore = true
            storeFailed(.take, error)
        }
    }

    private func lookAhead(from now: Instant) async {
        nextTake = now + policy.pollInterval
        do {
            if let due = try await outbox.nextDue(after: now) { takeAgain(at: due) }
        } catch {
            storeFailed(.nextDue, error)
            takeAgain(at: storeRetryAt)
        }
    }

    func takeAgain(at instant: Instant) { nextTake = min(nextTake, instant) }

    // MARK: Timer

    /// Makes sure that the loop wakes when the next thing is due.
    private func arm() {
        let next = nextWake()
        let now = clock.now()
        if let timerAt, timerAt <= next, timerAt > now { return }
        timer?.cancel()
        timerAt = next
        timer = Task { [clock] in
            try? await clock.sleep(until: next)
            if !Task.isCancelled { self.timerFired() }
        }
    }

    private func timerFired() {
        timerAt = nil
        wake()
    }

    func nextWake() -> Instant {
        if let drainUntil {
            return unrecorded.isEmpty || isRecording ? drainUntil : min(drainUntil, storeRetryAt)
        }
        guard clock.now() >= storeRetryAt else { return storeRetryAt }
        let soonest = lanes.values.compactMap { $0.wakeAt() }.min() ?? .distantFuture
        return min(nextTake, soonest, relieveAt, clock.now() + policy.pollInterval)
    }
}
