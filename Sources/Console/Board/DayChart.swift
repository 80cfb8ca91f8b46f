/// Thirty days as a small picture: bars for numbers, and for shares bars of their height; a day without cases is a gap.
struct DayChart {
    /// Nil for a day of which there is nothing to say.
    let values: [Double?]
    let isShare: Bool
    /// Whether a large share is bad.
    var isBetterLow = false
    let label: String

    private static let width = 6
    private static let gap = 2
    private static let height = 36

    var svg: String {
        let top = isShare ? 1 : max(1, values.compactMap { $0 }.max() ?? 1)
        let bars = values.enumerated().map { index, value -> String in
            let x = index * (Self.width + Self.gap)
            guard let value else {
                return
                    "<rect class=\"none\" x=\"\(x)\" y=\"\(Self.height - 1)\" width=\"\(Self.width)\" height=\"1\"/>"
            }
            let height = value > 0 ? max(2, Int((value / top * Double(Self.height)).rounded())) : 1
            let kept = isBetterLow ? 1 - value : value
            let tone = isShare && kept < 0.95 ? (kept < 0.8 ? "late" : "soon") : "plain"
            return "<rect class=\"\(tone)\" x=\"\(x)\" y=\"\(Self.height - height)\" width=\"\(Self.width)\""
                + " height=\"\(height)\"/>"
        }
        let width = max(1, values.count * (Self.width + Self.gap) - Self.gap)
        return "<svg class=\"days\" role=\"img\" aria-label=\"\(Self.escaped(label + summary))\""
            + " viewBox=\"0 0 \(width) \(Self.height)\" preserveAspectRatio=\"none\">"
            + bars.joined() + "</svg>"
    }

    /// What the picture shows, for those who hear it.
    private var summary: String {
        let known = values.compactMap { $0 }
        guard let least = known.min(), let most = known.max() else { return "" }
        func text(_ value: Double) -> String {
            isShare ? "\(Int((value * 100).rounded()))%" : "\(Int(value))"
        }
        return ", \(text(least)) – \(text(most))"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
