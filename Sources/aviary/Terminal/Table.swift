import Foundation

/// Prints rows in columns; numbers are set to the right.
///
/// Tab-separated and without a header where nobody reads.
func printTable(_ header: [String], _ rows: [[String]]) throws {
    guard isatty(STDOUT_FILENO) == 1 else {
        for row in rows { try tell(row.joined(separator: "\t")) }
        return
    }
    let widths = header.indices.map { column in
        ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let isNumeric = header.indices.map { column in
        rows.allSatisfy { $0[column].isEmpty || Double($0[column]) != nil }
    }
    for row in [header] + rows {
        let cells = row.enumerated().map { column, cell in
            let space = String(repeating: " ", count: widths[column] - cell.count)
            return isNumeric[column] ? space + cell : cell + space
        }
        try tell(cells.joined(separator: "  ").replacing(/\ +$/, with: ""))
    }
}
