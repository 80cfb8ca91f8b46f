extension DutyclockMetrics {
    /// Shows at zero what alerts wait for.
    ///
    /// Prometheus sees no rise in a counter that appears with its first happening, so that the first message
    /// that reached nobody after a start would alarm nobody.
    package func showZeros(channels: [String], rules: [String]) {
        for result in ["accepted", "duplicate", "rejected", "skipped", "parked"] { _ = events(result) }
        for channel in channels {
            for outcome in ["sent", "retry", "failed", "uncertain"] { _ = notifications(channel, outcome) }
            channelOpen(channel).set(false)
        }
        _ = notifications("", "gaveUp")
        for rule in rules {
            for outcome in ["met", "breached"] { _ = deadlines(rule, outcome) }
        }
    }
}
