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

    mutating func take(_ id: MatterID) -> StoredMatter? {
        if let matter = young[id] { return matter }
        guard let matter = old.removeValue(forKey: id) else { return nil }
        young[id] = matter
        return matter
    }

    /// Whether it is there; it stays there while the batch lasts.
    mutating func holds(_ id: MatterID) -> Bool {
        if young[id] != nil { return true }
        guard let matter = old.removeValue(forKey: id) else { return false }
        young[id] = matter
        return true
    }

    /// Gives the matter away, for one who changes it and puts it back.
    mutating func remove(_ id: MatterID) -> StoredMatter? {
        young.removeValue(forKey: id) ?? old.removeValue(forKey: id)
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
