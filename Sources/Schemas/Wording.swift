import Duty

/// A few words about a thing, Chinese first, with English beside it.
extension Wording {
    var text: String { chinese + " " + english }

    /// Reads a table of `name | Chinese | English`, one a line.
    static func table(_ text: String) -> [String: Wording] {
        var table: [String: Wording] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "|").map { $0.trimming(" ") }
            guard parts.count == 3 else { continue }
            table[parts[0]] = Wording(parts[1], parts[2])
        }
        return table
    }
}

extension Substring {
    fileprivate func trimming(_ character: Character) -> String {
        var rest = self
        while rest.first == character { rest = rest.dropFirst() }
        while rest.last == character { rest = rest.dropLast() }
        return String(rest)
    }
}
