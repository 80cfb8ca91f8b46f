import Duty

/// Helps the reader of a message to find a slip of the pen.
enum Spelling {
    /// `; did you mean "x"?` for the nearest of `candidates`, or nothing if none is near.
    static func hint(_ word: String, among candidates: some Sequence<String>) -> Wording {
        nearest(word, among: candidates).map { Wording(";是不是“\($0)”?", "; did you mean \"\($0)\"?") }
            ?? .nothing
    }

    static func nearest(_ word: String, among candidates: some Sequence<String>) -> String? {
        let limit = min(3, max(1, word.count / 3))
        let ranked = candidates.map { (distance(word, $0), $0) }.filter { $0.0 <= limit }
        return ranked.min { $0 < $1 }?.1
    }

    /// Insertions, deletions, replacements and swaps of neighbours that make one word the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.lowercased().prefix(100)), Array(right.lowercased().prefix(100)))
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var best = min(
                    last[column] + (letter == other ? 0 : 1),
                    last[column + 1] + 1,
                    current[column] + 1
                )
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
