import Duty

extension Dispatcher {
    // MARK: Patience

    /// Moves what waits too long for its turn to another channel of its route that can take it at once.
    ///
    /// Nothing is tried on the first one by that, so it stays the next to be tried if the other one fails.
    func relieve() {
        let now = clock.now()
        guard lanes.count > 1, !lanes.values.allSatisfy(\.isEmpty) else {
            relieveAt = .distantFuture
            return
        }
        if relieveAt == .distantFuture { relieveAt = now + .seconds(1) }
        guard now >= relieveAt else { return }
        relieveAt = now + .seconds(1)
        for name in laneNames {
            for job in lanes[name]?.impatient(at: now).sorted() ?? [] {
                let all = route(job.item.notification)
                let others = all.channels.filter { $0 != name }
                guard !others.isEmpty,
                    case .send(let channel, let number, let at) = nextMove(
                        job.item,
                        among: Route(channels: others),
                        now: now
                    ), at <= now
                else { continue }
                let moved = self.job(job.item, channel, number, at: at)
                guard lanes[channel]?.wouldTake(moved, at: now) ?? false else { continue }
                lanes[name]?.remove(job.key)
                lanes[channel]?.accept(moved)
            }
        }
    }

    // MARK: What earlier runs sent

    /// Counts what was sent before this run, once, and as far back as the longest budget looks.
    ///
    /// Until it has succeeded nothing is sent.
    func remember() async {
        guard !hasRemembered else { return }
        let now = clock.now()
        let span = lanes.keys.map { policy[$0].memory }.max() ?? .zero
        guard span > .zero else { return hasRemembered = true }
        do {
            var digests: Set<String> = []
            for attempt in try await outbox.attempts(since: now - span) {
                if let digest = attempt.digest, !digests.insert(digest + "\n" + attempt.channel).inserted {
                    continue
                }
                let code = attempt.digest == nil ? attempt.code : Digest.code
                let who =
                    addresses(attempt.recipient.person, attempt.channel) ?? attempt.recipient.person.text
                let counted = Counted(
                    who: attempt.recipient.isGroup ? nil : who,
                    template: policy[attempt.channel].template(code)
                )
                lanes[attempt.channel]?.remember(counted, attempt.endedAt)
            }
            hasRemembered = true
        } catch {
            storeFailed(.attempts, error)
        }
    }
}
