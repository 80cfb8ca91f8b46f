import Duty
import Yams

/// A mapping that remembers which of its keys were asked for.
final class YAMLMapping {
    let node: YAMLNode
    private var values: [String: YAMLNode] = [:]
    private var order: [String] = []
    private var lines: [String: Int] = [:]
    private var known: Set<String> = []

    /// Nil if `node` is no mapping; duplicate keys are noted at once.
    init?(_ node: YAMLNode) {
        self.node = node
        guard let mapping = node.node.mapping else {
            guard node.isNull else { return nil }
            return
        }
        for (keyNode, value) in mapping {
            let line = keyNode.mark?.line ?? node.line
            guard let raw = keyNode.scalar?.string else {
                note(Wording("键须是一个词", "a key must be a single word"), line)
                continue
            }
            add(YAMLDocument.unmarked(raw), value, line)
        }
    }

    private func note(_ wording: Wording, _ line: Int) {
        node.log.add(ConfigProblem(file: node.file, line: line, wording: wording))
    }

    private func add(_ key: String, _ value: Node, _ line: Int) {
        let path = node.path.isEmpty ? key : node.path + "." + key
        if let first = lines[key] {
            note(
                Wording("重复,第一次在第 \(first) 行", "given twice, first in line \(first)").after(path + ": "),
                line
            )
            return
        }
        order.append(key)
        lines[key] = line
        values[key] = node.child(value, line: value.mark?.line ?? line, path: path)
    }

    /// The value of an optional key; the environment's if it has one.
    subscript(key: String) -> YAMLNode? {
        known.insert(key)
        return overridden(key) ?? values[key]
    }

    /// The value of a key that must be there.
    func required(_ key: String) -> YAMLNode? {
        if let value = self[key] { return value }
        node.fail("缺少“\(key)”", "\"\(key)\" is missing")
        return nil
    }

    /// A mapping below `key`; an empty one if the file has none, so that the environment can still fill it.
    func section(_ key: String) -> YAMLNode {
        if let value = self[key] { return value }
        let path = node.path.isEmpty ? key : node.path + "." + key
        return node.child(Node([(Node, Node)](), Tag(.implicit)), line: node.line, path: path)
    }

    /// All members, for mappings whose keys are free; the environment may replace values and, where a key can
    /// be told from the variable's name, add some.
    func allMembers(addedKey: ((String) -> String)? = nil) -> [(key: String, value: YAMLNode)] {
        var members = order.compactMap { key in self[key].map { (key: key, value: $0) } }
        guard let addedKey, let overrides = node.overrides else { return members }
        for suffix in overrides.unusedSuffixes(below: node.path) {
            let key = addedKey(suffix)
            if let value = overridden(key) { members.append((key, value)) }
        }
        return members
    }

    private func overridden(_ key: String) -> YAMLNode? {
        let path = node.path.isEmpty ? key : node.path + "." + key
        guard !node.isFromEnvironment, let found = node.overrides?.value(for: path) else { return nil }
        var value = YAMLNode(
            node: YAMLDocument.node(ofVariable: found.text),
            file: found.name,
            line: 0,
            path: path,
            log: node.log,
            overrides: node.overrides
        )
        value.isFromEnvironment = true
        return value
    }

    func finish() {
        for key in order where !known.contains(key) {
            let path = node.path.isEmpty ? key : node.path + "." + key
            let hint = Spelling.hint(key, among: known.sorted())
            note(
                Wording("没有这个配置项", "unknown key").after(path + ": ") + hint,
                lines[key] ?? node.line
            )
        }
    }
}
