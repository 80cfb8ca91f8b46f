import Yams

/// One YAML file, parsed with the place of every value; what cannot be parsed is noted as a problem.
struct YAMLDocument {
    let root: YAMLNode

    /// Stands in front of the first of two equal keys, so that the parser lets both through and every
    /// duplicate can be reported with its own line.
    private static let duplicateMark: Character = "\u{E0FF}"
    private static let maximumDuplicates = 100

    /// Parses `text`; `overrides` are values from the environment that replace those of the file.
    init?(text: String, log: ProblemLog, overrides: EnvironmentOverrides? = nil) {
        guard let node = YAMLDocument.compose(text, log) else { return nil }
        root = YAMLNode(
            node: node,
            file: log.file,
            line: node.mark?.line ?? 1,
            path: "",
            log: log,
            overrides: overrides
        )
    }

    /// The value of an environment variable: flow YAML if it starts like it, else a plain text.
    static func node(ofVariable text: String) -> Node {
        guard text.hasPrefix("[") || text.hasPrefix("{"), let node = try? Yams.compose(yaml: text) else {
            return Node(text, Tag(.implicit), .plain)
        }
        return node
    }

    /// The key as it stands in the file; of three equal ones, one may have been marked twice.
    static func unmarked(_ key: String) -> String { String(key.drop { $0 == duplicateMark }) }

    private static func compose(_ text: String, _ log: ProblemLog) -> Node? {
        var text = text
        for _ in 0..<maximumDuplicates {
            do {
                if let node = try Yams.compose(yaml: text) { return node }
                log.add("文件是空的", "the file is empty", line: 1)
                return nil
            } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
                guard let marked = marking(text, context.mark) else {
                    log.add(
                        "\(keys.joined(separator: "、")): 重复",
                        "\(keys.joined(separator: ", ")): given twice",
                        line: context.mark.line
                    )
                    return nil
                }
                text = marked
            } catch let error as YamlError {
                note(error, log)
                return nil
            } catch {
                log.add("不是 YAML", "is not YAML", line: 1)
                return nil
            }
        }
        log.add(
            "重复的键超过 \(maximumDuplicates) 个",
            "more than \(maximumDuplicates) keys are given twice",
            line: 1
        )
        return nil
    }

    /// The text with the key at `mark` made unlike any other; nil if no plain or quoted key starts there.
    private static func marking(_ text: String, _ mark: Mark) -> String? {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.indices.contains(mark.line - 1) else { return nil }
        var line = Array(lines[mark.line - 1].unicodeScalars)
        var column = mark.column - 1
        guard line.indices.contains(column), !"?*&!|>[{%@`".unicodeScalars.contains(line[column]) else {
            return nil
        }
        if line[column] == "\"" || line[column] == "'" { column += 1 }
        line.insert(contentsOf: String(duplicateMark).unicodeScalars, at: column)
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: line)
        lines[mark.line - 1] = String(scalars)
        return lines.joined(separator: "\n")
    }

    private static func note(_ error: YamlError, _ log: ProblemLog) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let about = context.map { $0.text.hasPrefix("while") ? " (" + $0.text + ")" : "" } ?? ""
            log.add(
                "不是 YAML,请检查缩进、引号和冒号(\(problem)\(about))",
                "is not YAML: \(problem)\(about)",
                line: mark.line
            )
        case .reader(let problem, _, _, _):
            log.add("不是 YAML,请检查文件的编码(\(problem))", "is not YAML: \(problem)", line: 1)
        default: log.add("不是 YAML", "is not YAML", line: 1)
        }
    }
}
