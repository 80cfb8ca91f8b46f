import Duty

extension Dispatcher {
    /// An outcome on its way to the disk, and the row as it will be.
    struct Finished: Sendable {
        let end: AttemptEnd
        let item: OutboxItem
        let move: Move
    }

    // MARK: Deciding

    /// Puts a row in hand where its next move wants it.
    func place(_ item: OutboxItem) {
        let now = clock.now()
        let move = nextMove(item, now: now)
        if let last = item.attempts.last, last.outcome == nil {
            finishInterrupted(item, last, now: now)
        } else if case .send(let channel, let number, let at) = move {
            guard at - now >= policy.longestWaitInHand else { return add(item, channel, number, at: at) }
            // Until then the row itself says when and where, for everybody to see.
            let why = SendOutcome.retry(code: "held", reason: "not yet", after: nil)
            enqueue(item, "", 0, why, move, now: now)
        } else {
            let last = item.attempts.last
            let outcome = last?.outcome ?? .failed(code: "no-channel", reason: move.reason)
            enqueue(item, last?.channel ?? "", last?.number ?? 0, outcome, move, now: now)
        }
    }

    /// The intent is there and the outcome is not: an earlier run ended in between, and nobody knows more.
    private func finishInterrupted(_ item: OutboxItem, _ last: Attempt, now: Instant) {
        let outcome = SendOutcome.uncertain(reason: "interrupted before the outcome was known")
        var item = item
        item.attempts[item.attempts.count - 1] = Attempt(
            channel: last.channel,
            number: last.number,
            startedAt: last.startedAt,
            finishedAt: last.startedAt,
            outcome: outcome
        )
        enqueue(item, last.channel, last.number, outcome, nextMove(item, now: now), now: now)
    }

    /// Puts the row into the queue of a channel.
    func add(_ item: OutboxItem, _ channel: String, _ number: Int, at: Instant) {
        lanes[channel]?.add(job(item, channel, number, at: at))
    }

    func job(_ item: OutboxItem, _ channel: String, _ number: Int, at: Instant) -> Job {
        Job(
            item: item,
            channel: channel,
            number: number,
            at: at,
            address: addresses(item.notification.recipient.person, channel),
            template: policy[channel].template(item.notification.code)
        )
    }

    func nextMove(_ item: OutboxItem, now: Instant) -> Move {
        nextMove(item, among: route(item.notification), now: now)
    }

    func nextMove(_ item: OutboxItem, among route: Route, now: Instant) -> Move {
        var blocked: [String: Instant] = [:]
        for channel in route.channels {
            let rest = policy.quietHours?.end(for: item.notification, on: channel, at: now)
            blocked[channel] = [lanes[channel]?.blockedUntil(at: now), rest].compactMap { $0 }.max()
        }
        return Move.next(for: item, route: route, policy: policy, now: now, blocked: blocked)
    }

    func route(_ notification: Notification) -> Route {
        guard
            !(notification.recipient.isGroup || notification.messageClass == .group)
                || !MessageCatalogue.neverInGroup.contains(notification.code)
        else { return Route(channels: [], reason: "this message may not go to a group") }
        guard let names = routing[notification.messageClass], !names.isEmpty else {
            return Route(channels: [], reason: "no channel for this class of message")
        }
        let existing = names.filter { channels[$0] != nil }
        guard !existing.isEmpty else { return Route(channels: [], reason: "unknown channel in the routing") }
        // What a channel has no template for would only use up what the recipient may get there.
        let able = existing.filter { policy[$0].carries(notification.code) }
        guard !able.isEmpty else { return Route(channels: [], reason: "no channel has a template for it") }
        let reachable = able.filter { reaches($0, notification) }
        return Route(channels: reachable, reason: reachable.isEmpty ? "no address on any channel" : nil)
    }

    private func reaches(_ name: String, _ notification: Notification) -> Bool {
        guard channels[name]?.needsAddress == true, notification.messageClass != .group else { return true }
        return addresses(notification.recipient.person, name) != nil
    }

    // MARK: Sending

    /// Starts everything that may start now, with one call for all intents.
    func launch() async {
        var parcels: [Parcel] = []
        let now = clock.now()
        for name in laneNames {
            while let parcel = lanes[name]?.next(at: now) {
                guard rests(parcel, at: now) else {
                    parcels.append(parcel)
                    continue
                }
                lanes[name]?.forget(parcel, at: now)
                for job in parcel.jobs { place(job.item) }
            }
        }
        guard !parcels.isEmpty else { return }
        do {
            try await outbox.begin(parcels.flatMap { $0.starts(at: now) })
            storeFailures = 0
            for parcel in parcels { start(parcel, at: now) }
        } catch {
            for parcel in parcels { lanes[parcel.channel]?.giveBack(parcel, at: clock.now()) }
            storeFailed(.begin, error)
        }
    }

    /// Whether quiet hours began while it waited.
    private func rests(_ parcel: Parcel, at now: Instant) -> Bool {
        guard let quiet = policy.quietHours else { return false }
        return parcel.notifications.contains { quiet.end(for: $0, on: parcel.channel, at: now) != nil }
    }

    private func start(_ parcel: Parcel, at startedAt: Instant) {
        guard let channel = channels[parcel.channel], let first = parcel.notifications.first else { return }
        sending += 1
        let delivery = Delivery(
            channel: channel,
            notifications: parcel.notifications,
            digestLength: policy[parcel.channel].digestLength,
            renderer: renderer,
            names: names,
            address: addresses(first.recipient.person, parcel.channel),
            links: links,
            timeout: policy[parcel.channel].timeout,
            shadow: shadow
        )
        Task.detached { [self] in
            let outcome = await delivery.send()
            await finished(parcel, outcome, startedAt: startedAt)
        }
    }

    private func finished(_ parcel: Parcel, _ outcome: SendOutcome, startedAt: Instant) {
        let now = clock.now()
        sending -= 1
        note(outcome, of: parcel, at: now)
        let digest = parcel.digestKey
        for job in parcel.jobs {
            observer.attemptFinished(
                job.item.notification,
                channel: job.channel,
                outcome: outcome,
                latency: now - job.item.notification.wantedSince
            )
            var item = job.item
            item.attempts.append(
                Attempt(
                    channel: job.channel,
                    number: job.number,
                    startedAt: startedAt,
                    finishedAt: now,
                    outcome: outcome,
                    digest: digest
                )
            )
            enqueue(
                item,
                job.channel,
                job.number,
                outcome,
                nextMove(item, now: now),
                now: now,
                digest: digest
            )
        }
        record()
        wake()
    }

    /// Tells the breaker; if that opened, what waited for this channel looks for another one.
    private func note(_ outcome: SendOutcome, of parcel: Parcel, at now: Instant) {
        let channel = parcel.channel
        guard let before = lanes[channel]?.breaker else { return }
        lanes[channel]?.finished(parcel, outcome, at: now)
        guard let after = lanes[channel]?.breaker, after != before else { return }
        if before.isClosed != after.isClosed {
            observer.breakerChanged(channel: channel, isOpen: !after.isClosed)
            // What had nowhere else to go may have now.
            for name in aside.keys { takeBack(.max, from: name) }
        }
        guard after.opensUntil != nil else { return }
        for job in lanes[channel]?.drain() ?? [] { place(job.item) }
    }

    // MARK: Recording

    private func enqueue(
        _ item: OutboxItem,
        _ channel: String,
        _ number: Int,
        _ outcome: SendOutcome,
        _ move: Move,
        now: Instant,
        digest: String? = nil
    ) {
        let gaveUpBecause: String? = if case .rest(.gaveUp, let reason) = move { reason } else { nil }
        let end = AttemptEnd(
            key: item.notification.key,
            channel: channel,
            number: number,
            at: now,
            outcome: outcome,
            state: item.attempts.isEmpty && gaveUpBecause == nil
                ? .pending : move.state(after: item.attempts),
            nextAt: move.sendAt,
            nextChannel: move.channel,
            gaveUpBecause: gaveUpBecause,
            digest: digest
        )
        if let gaveUpBecause { observer.gaveUp(item.notification, reason: gaveUpBecause) }
        unrecorded.append(Finished(end: end, item: item, move: move))
    }

    /// Writes what is unrecorded, as one batch; what comes meanwhile is the next batch.
    func record() {
        guard !isRecording, !unrecorded.isEmpty, clock.now() >= storeRetryAt else { return }
        isRecording = true
        Task { await flush() }
    }

    private func flush() async {
        // Few enough that what others write need not wait for long.
        let batch = Array(unrecorded.prefix(200))
        unrecorded.removeFirst(batch.count)
        do {
            try await outbox.finish(batch.map(\.end))
            storeFailures = 0
            for finished in batch { settle(finished) }
        } catch {
            unrecorded.insert(contentsOf: batch, at: 0)
            storeFailed(.finish, error)
        }
        isRecording = false
        record()
        wake()
    }

    /// The outcome is on disk: the row goes on at once, or is put down until its time comes.
    private func settle(_ finished: Finished) {
        if case .send(let channel, let number, let at) = finished.move, at <= clock.now(), !isStopping {
            var item = finished.item
            item.state = finished.end.state
            add(item, channel, number, at: at)
            return
        }
        inHand.remove(finished.end.key)
        if let next = finished.end.nextAt { takeAgain(at: next) }
    }

    func storeFailed(_ operation: OutboxOperation, _ error: any Error) {
        storeFailures += 1
        storeRetryAt = clock.now() + policy.storeRetry.wait(after: storeFailures, unit: 1, provider: nil)
        observer.outboxFailed(operation: operation, error: error)
        wake()
    }
}

extension Move {
    fileprivate var reason: String {
        if case .rest(_, let reason) = self { reason } else { "" }
    }

    fileprivate var sendAt: Instant? {
        if case .send(_, _, let at) = self { at } else { nil }
    }

    /// The state of a row with these attempts, the last of which just ended; doubt outlives later failures.
    fileprivate func state(after attempts: [Attempt]) -> NotificationState {
        if case .rest(let state, _) = self { return state }
        let isDoubtful = attempts.contains {
            if case .uncertain = $0.outcome { true } else { false }
        }
        return isDoubtful ? .uncertain : .failed
    }
}
