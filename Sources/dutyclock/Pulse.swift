/// When to give the service manager a sign of life: at most so often, and never twice for one turn of the loop.
struct Pulse {
    private var beats: Int64 = 0
    private var last: ContinuousClock.Instant?

    /// Whether a sign is due; if so it counts as given.
    mutating func isDue(beats: Int64, every interval: Duration?, now: ContinuousClock.Instant = .now) -> Bool
    {
        guard let interval, beats != self.beats, last.map({ now - $0 >= interval }) ?? true else {
            return false
        }
        self.beats = beats
        last = now
        return true
    }
}
