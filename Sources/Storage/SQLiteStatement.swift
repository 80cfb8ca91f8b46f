import Duty
import Foundation
import GRDB
import GRDBSQLite

/// A prepared statement with its arguments bound straight to SQLite: on the commit path GRDB's value boxes
/// cost more than the insertion itself.
struct FastStatement {
    private let statement: Statement
    private let handle: SQLiteStatement
    private let database: Database

    init(_ database: Database, _ sql: String) throws {
        statement = try database.cachedStatement(sql: sql)
        handle = statement.sqliteStatement
        self.database = database
    }

    /// A value as SQLite takes it.
    enum Argument {
        case text(String)
        case optionalText(String?)
        case integer(Int64)
        case optionalInteger(Int64?)
        case blob([UInt8])
        case optionalBlob([UInt8]?)
    }

    /// Runs the statement to its end; the number of rows it changed.
    @discardableResult
    func run(_ arguments: Argument...) throws -> Int {
        sqlite3_reset(handle)
        for (index, argument) in arguments.enumerated() { bind(argument, Int32(index + 1)) }
        var code = sqlite3_step(handle)
        while code == SQLITE_ROW { code = sqlite3_step(handle) }
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
        guard code == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: code),
                message: database.lastErrorMessage,
                sql: statement.sql
            )
        }
        return Int(sqlite3_changes(database.sqliteConnection))
    }

    private func bind(_ argument: Argument, _ index: Int32) {
        switch argument {
        case .text(let text): bind(text, index)
        case .optionalText(let text):
            if let text { bind(text, index) } else { sqlite3_bind_null(handle, index) }
        case .integer(let number): sqlite3_bind_int64(handle, index, number)
        case .optionalInteger(let number):
            if let number {
                sqlite3_bind_int64(handle, index, number)
            } else {
                sqlite3_bind_null(handle, index)
            }
        case .blob(let bytes): bind(bytes, index)
        case .optionalBlob(let bytes):
            if let bytes { bind(bytes, index) } else { sqlite3_bind_null(handle, index) }
        }
    }

    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    private func bind(_ text: String, _ index: Int32) {
        var text = text
        text.withUTF8 { utf8 in
            _ = utf8.withMemoryRebound(to: CChar.self) {
                sqlite3_bind_text(handle, index, $0.baseAddress, Int32($0.count), Self.transient)
            }
        }
    }

    private func bind(_ bytes: [UInt8], _ index: Int32) {
        _ = bytes.withUnsafeBytes {
            sqlite3_bind_blob(handle, index, $0.baseAddress, Int32($0.count), Self.transient)
        }
        if bytes.isEmpty { sqlite3_bind_zeroblob(handle, index, 0) }
    }
}

extension Row {
    func bytes(_ name: String) -> [UInt8] { (self[name] as Data?).map { [UInt8]($0) } ?? [] }
    func optionalBytes(_ name: String) -> [UInt8]? { (self[name] as Data?).map { [UInt8]($0) } }
    func instant(_ name: String) -> Instant? { (self[name] as Int64?).map { Instant(microseconds: $0) } }
}
