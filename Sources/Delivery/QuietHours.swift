import Duty

/// The hours of the night in which some channels leave people alone (question Q48 of the policy).
///
/// Clocks run on, other channels send as always, and what may break through does.
package struct QuietHours: Hashable, Sendable {
    /// Minutes after midnight by the county's clock; `until` may be the smaller one.
    package let from: Int
    package let until: Int
    /// The channels that rest.
    package let channels: Set<String>
    /// Codes of messages, and rules whose breaches are told at any hour.
    package let breakThrough: Set<String>

    package init(from: Int, until: Int, channels: Set<String>, breakThrough: Set<String>) {
        self.from = from
        self.until = until
        self.channels = channels
        self.breakThrough = breakThrough
    }

    /// When `channel` may carry `notification` again; nil if it may at `now`.
    ///
    /// Each message has its own moment in the minutes after the end, so that not all come at once.
    package func end(for notification: Notification, on channel: String, at now: Instant) -> Instant? {
        guard channels.contains(channel), !breaksThrough(notification), let end = end(at: now) else {
            return nil
        }
        let spread = RetryPolicy.stableUnit(key: notification.key, channel: channel, number: 0)
        return end + .seconds(60 + Int64(spread * 120))
    }

    private func breaksThrough(_ notification: Notification) -> Bool {
        breakThrough.contains(notification.code)
            || (notification.urgency <= 0 && breakThrough.contains(notification.rule.text))
    }

    /// The end of the quiet hours that `now` lies in.
    private func end(at now: Instant) -> Instant? {
        let day = CivilDate(now)
        let minute = Int((now - day.start).seconds / 60)
        let isNow = from <= until ? minute >= from && minute < until : minute >= from || minute < until
        guard isNow else { return nil }
        let last = minute < until ? day : day.next
        return last.start + .minutes(Int64(until))
    }
}

extension Notification {
    /// `now`, or a little later where many programs send at once and providers throttle: full and half hours.
    ///
    /// Only what can wait is moved, into the two minutes after, and always to the same place.
    func beside(_ now: Instant) -> Instant {
        guard urgency >= 2, !isPressing(at: now) else { return now }
        let minute = now.seconds.floorDivided(by: 60)
        guard minute - minute.floorDivided(by: 30) * 30 == 0 else { return now }
        let spread = RetryPolicy.stableUnit(key: key, channel: "", number: 0)
        return Instant(seconds: (minute + 1) * 60 + Int64(spread * 60))
    }
}
