import Duty

/// A channel that does not get on has a bounded set in memory and costs the others nothing.
///
/// What is beyond stays where it is, in the outbox. If all channels of a class are full, the class is not looked at, except
/// for what is more urgent than all that waits. A row of a class that is looked at for other channels' sake is put aside:
/// only its key stays in hand.
extension Dispatcher {
    /// How full a channel is.
    struct Fullness {
        /// That of the least urgent job: what is more urgent than that is let in.
        let urgency: Int
        let isStuck: Bool
        /// How many waited there when this was found.
        let kept: Int
    }

    /// A row that waits in the outbox; the most urgent and oldest is taken back first.
    struct Aside: Comparable {
        let key: String
        private let urgency: Int
        private let requestedAt: Instant

        init(_ notification: Notification) {
            key = notification.key
            urgency = notification.urgency
            requestedAt = notification.requestedAt
        }

        static func < (left: Aside, right: Aside) -> Bool {
            (left.urgency, left.requestedAt, left.key) < (right.urgency, right.requestedAt, right.key)
        }
    }

    /// Finds out which channels are full; for those that are no longer, the outbox is looked at again.
    func lookForRoom() {
        let now = clock.now()
        for name in laneNames {
            let isStuck = lanes[name]?.isStuck(at: now) ?? false
            if isStuck { lanes[name]?.noteStuck() }
            let most =
                lanes[name]?.capacity(from: policy.maximumWaitingIfStuck, to: policy.maximumWaiting) ?? 0
            let waiting = lanes[name]?.waiting ?? 0
            let isOver = waiting >= policy.maximumWaiting + policy.takeLimit
            if isOver || waiting >= most {
                // More urgent ones are let in, so that it has to be seen to again now and then.
                let isNews = full[name].map { isStuck && !$0.isStuck || waiting >= $0.kept + most } ?? true
                guard isOver || isNews else { continue }
                full[name] = shed(name, to: isOver ? policy.maximumWaiting : most, isStuck: isStuck)
            } else if full[name] != nil ? waiting <= most / 2 : aside[name] != nil {
                full[name] = nil
                // No fewer than one look brings, or what was put aside would be overtaken by what is younger.
                takeBack(max(most - waiting, policy.takeLimit), from: name)
                mayHaveMore = true
            }
        }
    }

    /// The classes of which nothing can be done, with the urgency from which on that is so.
    func classesWithoutRoom() -> [MessageClass: Int] {
        guard !full.isEmpty else { return [:] }
        return routing.compactMapValues { names in
            let existing = names.filter { lanes[$0] != nil }
            let urgencies = existing.compactMap { full[$0]?.urgency }
            return urgencies.count == existing.count ? urgencies.max() : nil
        }
    }

    /// Puts aside a row for whose channel there is no room; false if it is to be placed.
    func putAside(_ item: OutboxItem) -> Bool {
        guard !full.isEmpty, item.attempts.last.map({ $0.outcome != nil }) ?? true,
            case .send(let channel, _, _) = nextMove(item, now: clock.now()),
            let fullness = full[channel], item.notification.urgency >= fullness.urgency,
            !mayGoElsewhere(item) || lanes[channel]?.waiting ?? 0 >= policy.maximumWaiting
        else { return false }
        aside[channel, default: PriorityQueue()].insert(Aside(item.notification))
        return true
    }

    /// Looks at `count` rows again that were put aside for want of room on a channel.
    func takeBack(_ count: Int, from name: String) {
        var left = count
        while left > 0, let one = aside[name]?.popFirst() {
            inHand.remove(one.key)
            left -= 1
            mayHaveMore = true
        }
        if aside[name]?.isEmpty ?? false { aside[name] = nil }
    }

    /// Puts aside the least urgent and youngest jobs of a channel beyond `most`.
    private func shed(_ name: String, to most: Int, isStuck: Bool) -> Fullness {
        let jobs = (lanes[name]?.jobs ?? []).sorted()
        let excess = jobs.dropFirst(most).filter {
            !$0.mayHaveBegun && (most >= policy.maximumWaiting || !mayGoElsewhere($0.item))
        }
        for job in excess {
            lanes[name]?.remove(job.key)
            aside[name, default: PriorityQueue()].insert(Aside(job.item.notification))
        }
        let gone = Set(excess.map(\.key))
        let least = jobs.last { !gone.contains($0.key) }
        return Fullness(
            urgency: least?.item.notification.urgency ?? .max,
            isStuck: isStuck,
            kept: jobs.count - excess.count
        )
    }

    private func mayGoElsewhere(_ item: OutboxItem) -> Bool { route(item.notification).channels.count > 1 }
}
