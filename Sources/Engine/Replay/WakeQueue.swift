import Duty

/// Moments in their order, those of one moment in the order in which they came.
struct WakeQueue<Item> {
    struct Entry {
        let at: Instant
        let number: Int
        let item: Item
    }

    /// A heap: no entry is earlier than the one at half its place.
    private var heap: [Entry] = []
    private var count = 0

    var first: Entry? { heap.first }

    mutating func insert(at moment: Instant, _ item: Item) {
        count += 1
        insert(Entry(at: moment, number: count, item: item))
    }

    mutating func insert(_ entry: Entry) {
        heap.append(entry)
        var index = heap.count - 1
        while index > 0, precedes(index, (index - 1) / 2) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var index = 0
        while let child = earlierChild(of: index), precedes(child, index) {
            heap.swapAt(child, index)
            index = child
        }
    }

    private func earlierChild(of index: Int) -> Int? {
        let left = 2 * index + 1
        guard left < heap.count else { return nil }
        return left + 1 < heap.count && precedes(left + 1, left) ? left + 1 : left
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        (heap[left].at, heap[left].number) < (heap[right].at, heap[right].number)
    }
}
