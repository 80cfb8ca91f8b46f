import FoundationEssentials

/// Reads files and puts paths together.
enum ConfigFiles {
    /// A larger file is surely the wrong one.
    static let maximumBytes = 4_194_304

    /// The text of the file, or nil after the reason has been noted.
    static func text(path: String, log: ProblemLog) -> String? {
        guard let data = FileManager.default.contents(atPath: path) else {
            log.add(
                exists(path) ? "读不了,请检查权限" : "没有这个文件",
                exists(path) ? "cannot be read" : "does not exist",
                line: 0
            )
            return nil
        }
        guard data.count <= maximumBytes else {
            log.add(
                "大于 \(maximumBytes / 1_048_576) MiB,大概不是要用的文件",
                "is larger than \(maximumBytes / 1_048_576) MiB",
                line: 0
            )
            return nil
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            log.add("不是 UTF-8 文本,请另存为 UTF-8", "is not UTF-8 text", line: 0)
            return nil
        }
        return text
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }

    /// `path` itself if it is absolute, else seen from the folder of `file`.
    static func resolve(_ path: String, besideFile file: String) -> String {
        guard !path.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return path }
        return file[...slash] + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }
}
