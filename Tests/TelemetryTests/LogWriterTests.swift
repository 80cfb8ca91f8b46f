import Foundation
import Glibc
import Logging
import Telemetry
import Testing

@Suite struct LogWriterTests {
    static let identity = ServiceIdentity(
        name: "dutyclock",
        version: "1.0.0",
        node: "node-1",
        host: "host-1",
        processID: 42
    )
    static let moment: EpochMilliseconds = 1_795_415_700_112

    private func writer(
        _ pipe: Pipe,
        format: LogWriter.Format = .json,
        level: LogLevel = .info,
        colour: Bool? = nil
    ) -> LogWriter {
        LogWriter(
            identity: Self.identity,
            format: format,
            level: level,
            descriptor: pipe.writing,
            colour: colour,
            now: { Self.moment }
        )
    }

    private func parsed(_ line: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }

    @Test func jsonLineHasTheNamesOfTheSchema() {
        let pipe = Pipe()
        writer(pipe).write(
            level: .warn,
            message: "no response in time",
            fields: [
                ("event.action", "deadline.breached"), ("event.category", ["process"]), ("duty.article", 22),
                ("duty.late_ingest", false), ("duty.rate", 0.5),
            ]
        )
        #expect(
            pipe.text() == """
                {"@timestamp":"2026-11-23T06:35:00.112Z","log.level":"warn","message":"no response in time",\
                "log.logger":"dutyclock","ecs.version":"9.5.0","service.name":"dutyclock",\
                "service.version":"1.0.0","service.environment":"production","service.node.name":"node-1",\
                "host.name":"host-1","process.pid":42,"event.action":"deadline.breached","event.category":["process"],"duty.article":22,\
                "duty.late_ingest":false,"duty.rate":0.5}

                """
        )
    }

    @Test(arguments: ["半小时未回应", "a\"b\\c", "line\nbreak\ttab\u{0}\u{1F}\u{7F}", "👮🏻‍♀️ é", ""])
    func everyStringComesBackFromJSON(text: String) throws {
        let pipe = Pipe()
        writer(pipe).write(level: .info, message: "m", fields: [("x", .string(text))])
        let line = pipe.drain()
        #expect(line.count { $0 == UInt8(ascii: "\n") } == 1)
        let object = try parsed(line)
        #expect(object["x"] as? String == text)
    }

    @Test func aNumberThatJSONCannotSayIsNull() throws {
        let pipe = Pipe()
        writer(pipe).write(level: .info, message: "m", fields: [("x", .double(.nan))])
        #expect(pipe.text().hasSuffix("\"x\":null}\n"))
    }

    @Test func aLongStringIsCutBetweenCharacters() throws {
        let pipe = Pipe()
        let text = "a" + String(repeating: "时", count: 3000)
        writer(pipe).write(level: .info, message: "m", fields: [("x", .string(text))])
        let object = try parsed(pipe.drain())
        let cut = try #require(object["x"] as? String)
        #expect(cut.hasSuffix("时…"))
        #expect(cut.utf8.count <= ECSLine.stringLimit + 3)
    }

    static let civilTimes: [(EpochMilliseconds, String)] = [
        (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_102_444_799_999, "2099-12-31T23:59:59.999Z"),
        (1_709_251_199_005, "2024-02-29T23:59:59.005Z"),
    ]

    @Test(arguments: civilTimes)
    func timesAreCivil(moment: EpochMilliseconds, text: String) {
        var bytes: [UInt8] = []
        ECSLine(identity: Self.identity)
            .append(time: moment, level: .info, message: "", logger: "", fields: [], to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"@timestamp\":\"\(text)\""))
    }

    @Test func textIsForPeople() {
        let pipe = Pipe()
        writer(pipe, format: .text).write(
            level: .warn,
            message: "no response in time",
            fields: [("duty.case_id", "CP-1"), ("note", "two words"), ("bad", "\u{1B}[31m\nforged")]
        )
        #expect(
            pipe.text() == """
                14:35:00.112 warn  no response in time duty.case_id=CP-1 note="two words" \
                bad=\\u{1b}[31m\\u{a}forged

                """
        )
    }

    @Test func coloursOnlyWhenAsked() {
        let pipe = Pipe()
        writer(pipe, format: .text, colour: true).write(level: .error, message: "m")
        #expect(pipe.text() == "14:35:00.112 \u{1B}[31merror\u{1B}[0m m\n")
    }

    @Test func aLevelBelowTheThresholdIsSilent() {
        let pipe = Pipe()
        let log = writer(pipe, level: .warn)
        log.write(level: .info, message: "quiet")
        log.level = .debug
        log.write(level: .debug, message: "loud")
        #expect(pipe.text().split(separator: "\n").count == 1)
        #expect(LogLevel(name: "warn") == .warn)
        #expect(LogLevel(name: "loudest") == nil)
    }

    @Test func linesOfManyThreadsDoNotMix() async throws {
        let pipe = Pipe()
        let log = writer(pipe)
        let padding = String(repeating: "x", count: 3000)
        let reading = Task.detached { pipe.readToEnd() }
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    for number in 0..<50 {
                        log.write(
                            level: .info,
                            message: "m",
                            fields: [
                                ("number", .int(Int64(task * 100 + number))),
                                ("padding", .string(padding)),
                            ]
                        )
                    }
                }
            }
        }
        pipe.closeWriting()
        let lines = await reading.value.split(separator: UInt8(ascii: "\n"))
        #expect(lines.count == 400)
        for line in lines { _ = try JSONSerialization.jsonObject(with: Data(line)) }
    }

    @Test func aFullPipeLosesWholeLinesAndRecovers() throws {
        let pipe = Pipe(nonBlocking: true)
        let output = LineOutput(descriptor: pipe.writing, patience: 1)
        let line = [UInt8](repeating: UInt8(ascii: "x"), count: 9999) + [UInt8(ascii: "\n")]
        for _ in 0..<10 { output.write(line) }
        #expect(output.lostLines > 0)
        var buffer = [UInt8](repeating: 0, count: 100_000)
        let first = read(pipe.reading, &buffer, buffer.count)
        output.write(Array("after\n".utf8))
        let text = String(decoding: buffer[..<first] + pipe.drain(), as: UTF8.self)
        #expect(text.hasSuffix("\nafter\n"))
    }

    @Test func aBrokenPipeCostsLinesOnly() {
        let pipe = Pipe()
        let log = writer(pipe)
        pipe.closeReading()
        log.write(level: .info, message: "m")
        log.writeLines(Array("a\nb\n".utf8))
        #expect(log.lostLines == 3)
    }

    @Test func librariesSpeakTheSameForm() throws {
        struct Broken: Error {}
        let pipe = Pipe()
        let handler = ECSLogHandler(label: "http", writer: writer(pipe), level: .info)
        var logger = Logger(label: "http") { _ in handler }
        logger[metadataKey: "request.url"] = "https://x.example/send?key=abc"
        logger.debug("not this")
        logger.notice(
            "call 13812345678",
            metadata: ["secret": "s3", "list": ["a", "b"]]
        )
        logger.log(level: .critical, "gone", error: Broken(), metadata: nil)
        let lines = try pipe.drain().split(separator: UInt8(ascii: "\n")).map { try parsed(Array($0)) }
        #expect(lines.count == 2)
        #expect(lines.first?["message"] as? String == "call 138****5678")
        #expect(lines.first?["log.level"] as? String == "info")
        #expect(lines.first?["log.logger"] as? String == "http")
        #expect(lines.first?["labels.request_url"] as? String == "https://x.example/send?key=***")
        #expect(lines.first?["labels.secret"] as? String == "***")
        #expect(lines.last?["log.level"] as? String == "fatal")
        #expect(lines.last?["error.type"] as? String == "Broken")
    }

    /// Generous, for a busy machine; the aim is below two microseconds in a release build.
    @Test func aLineIsCheap() {
        let line = ECSLine(identity: Self.identity)
        let fields: [LogField] = [
            ("event.kind", "alert"), ("event.action", "deadline.breached"), ("duty.article", 22),
            ("duty.case_id", "CP-2026-000123"), ("park.enterprise_id", "E-000451"),
            ("duty.due_at", "2026-11-23T06:35:00Z"), ("messaging.kafka.offset", 40211),
        ]
        var bytes: [UInt8] = []
        let rounds = 20_000
        let clock = ContinuousClock()
        let spent = clock.measure {
            for _ in 0..<rounds {
                bytes.removeAll(keepingCapacity: true)
                line.append(
                    time: Self.moment,
                    level: .warn,
                    message: "半小时未回应",
                    logger: "engine",
                    fields: fields,
                    to: &bytes
                )
            }
        }
        #expect(bytes.count > 400)
        #expect(spent / rounds < .microseconds(40), "\(spent / rounds) for \(bytes.count) bytes")
        print("ECS line: \(spent / rounds) for \(bytes.count) bytes")
    }
}
