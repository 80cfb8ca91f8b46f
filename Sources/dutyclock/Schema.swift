import ArgumentParser
import Console
import Duty
import Engine
import Foundation
import Kafka
import Schemas

/// The command `dutyclock schema`.
struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "事件的 JSON Schema、AsyncAPI 和 OpenAPI 文档。 JSON Schemas of the events, the AsyncAPI and OpenAPI documents.",
        discussion: """
            由守护进程自己的字段表和接口表生成。 Made from the daemon's own tables of fields and paths.
            --validate 逐个事件给出守护进程的结论。 --validate gives the daemon's verdict on each event of a file.
            """
    )

    @Argument(help: "种类,如 complaint.filed;不写为全部 types such as complaint.filed; all if none is given")
    var types: [String] = []

    @Flag(name: .long, help: "输出 AsyncAPI 文档 print the AsyncAPI document")
    var asyncapi = false

    @Flag(name: .long, help: "输出 OpenAPI 文档 print the OpenAPI document")
    var openapi = false

    @Option(name: .long, help: "把全部文件写到这个目录 write all files into this folder")
    var output: String?

    @Option(
        name: .customLong("validate"),
        help: "事件文件,每行一个或一个数组;- 为标准输入 file of events, one a line or one array; - is standard input"
    )
    var events: String?

    func validate() throws {
        let ways = [!types.isEmpty, asyncapi, openapi, output != nil, events != nil].filter { $0 }
        guard ways.count <= 1 else {
            throw ValidationError(
                "种类、--asyncapi、--openapi、--output、--validate 只能用一个 "
                    + "types, --asyncapi, --openapi, --output and --validate exclude each other"
            )
        }
    }

    func run() throws {
        if let output { return try write(to: URL(fileURLWithPath: output, isDirectory: true)) }
        if let events { return try judge(events) }
        if openapi { return Process.writeOutput(OpenAPIDocument.text) }
        if asyncapi { return Process.writeOutput(InterfaceFiles.asyncAPI) }
        for kind in try kinds() { Process.writeOutput(PrettyJSON.text(EventSchemaDocument(kind).value)) }
    }

    private func kinds() throws -> [EventKind] {
        guard !types.isEmpty else { return EventKind.allCases }
        return try types.map { name in
            guard let kind = EventKind(rawValue: name) ?? EventKind(typeName: name) else {
                throw Failure(ExitStatus.usage, "\(name): 没有这个种类 no such type")
            }
            return kind
        }
    }

    private func write(to folder: URL) throws {
        for file in InterfaceFiles.all + [(path: OpenAPIDocument.fileName, text: OpenAPIDocument.text)] {
            let place = folder.appendingPathComponent(file.path)
            do {
                try FileManager.default.createDirectory(
                    at: place.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(file.text.utf8).write(to: place)
            } catch {
                throw Failure(ExitStatus.unavailable, "\(place.path): 写不了 cannot be written")
            }
        }
    }

    // MARK: Verdicts

    /// Asks the very decoder that the daemon reads its topics with.
    private func judge(_ path: String) throws {
        let decoder = RecordDecoder(clock: SystemClock())
        var rejected = 0
        for (index, item) in decoder.decode(try EventFile.records(path)).items.enumerated() {
            var verdict = [Value.Member("event", .integer(Int64(index + 1)))]
            switch item {
            case .fact(let fact, _):
                verdict += [
                    Value.Member("verdict", "accepted"), Value.Member("type", .string(fact.kind.typeName)),
                    Value.Member("matter", .string(fact.matter.text)),
                ]
            case .skipped(let reason, _):
                verdict += [Value.Member("verdict", "skipped"), Value.Member("detail", .string(reason))]
            case .deadLetter(let letter):
                rejected += 1
                verdict += [
                    Value.Member("verdict", "rejected"), Value.Member("reason", .string(letter.reason)),
                    Value.Member("detail", .string(letter.detail)),
                ]
            }
            Process.writeOutput(JSONWriter.text(.object(verdict)) + "\n")
        }
        if rejected > 0 {
            throw Failure(ExitStatus.badData, "\(path): \(rejected) 个事件不被接收 events would be rejected")
        }
    }
}
