import Duty
import Storage

/// Matters in memory, as they will be once all commits under way are on disk.
///
/// Two generations bound it: what was not touched while one generation filled is forgotten.
struct MatterCache {
    private var young: [MatterID: StoredMatter] = [:]
    private var old: [MatterID: StoredMatter] = [:]
    private let generation: Int

    init(generation: Int) { self.generation = generation }

    mutating func take(_ id: MatterID) -> StoredMatter? { place(of: id).map { young.values[$0] } }

    /// Whether it is there; it stays there while the batch lasts.
    mutating func holds(_ id: MatterID) -> Bool { place(of: id) != nil }

    /// Changes a matter where it is, so that its facts have one owner and grow in place; nil if it is not there.
    mutating func change<Result>(
        _ id: MatterID,
        _ body: (inout StoredMatter) -> Result
    ) -> Result? {
        place(of: id).map { body(&young.values[$0]) }
    }

    private mutating func place(of id: MatterID) -> Dictionary<MatterID, StoredMatter>.Index? {
        if let place = young.index(forKey: id) { return place }
        guard let matter = old.removeValue(forKey: id) else { return nil }
        young[id] = matter
        return young.index(forKey: id)
    }

    mutating func put(_ matter: StoredMatter) { young[matter.id] = matter }

    /// Whether the next `age()` forgets what was not touched for long.
    var isFull: Bool { young.count > generation }

    /// Called between batches only, so that nothing of a batch is forgotten while it is worked on.
    mutating func age() {
        guard isFull else { return }
        old = young
        young = [:]
    }

    mutating func removeAll() {
        young = [:]
        old = [:]
    }
}
