import Duty

/// Entries of the ledger as comma-separated values, in the words of the interface.
enum LedgerCSV {
    private static let columns = [
        "seq", "ts", "fineId", "revision", "kind", "personRef", "role", "amountFen", "balanceAfterFen",
        "debit",
        "credit", "decisionId", "rosterSnapshotId", "ruleVersion", "basis", "causeEventId", "entryId",
        "prevHash",
        "hash",
    ]

    static func text(_ entries: [Value], mark: Bool) -> String {
        var csv = CSVText(columns, mark: mark)
        for entry in entries { csv.add(columns.map { cell(entry[$0]) }) }
        return csv.text
    }

    private static func cell(_ value: Value?) -> CSVText.Cell {
        if let number = value?.integer { return .number(number) }
        return .text(value?.string ?? "")
    }
}
