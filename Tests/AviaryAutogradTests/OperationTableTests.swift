import Foundation
import Testing

/// docs/operations.md has a row for every public name that computes, and every row an oracle that is there and says
/// what the row says.
struct OperationTableTests {
    private let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    private var table: OracleTable

    init() throws {
        table = try OracleTable(below: root)
    }

    @Test func `every public name has a row, and every row a public name`() throws {
        let names = try PublicNames(below: root)
        #expect(names.files.count > 170, "the sources were not read")
        let named = Dictionary(grouping: table.rows, by: \.name)
        for (name, file) in names.files.sorted(by: { $0.key < $1.key }) where named[name] == nil {
            Issue.record(
                """
                docs/operations.md has no row for `\(name)`, which \(file) declares. A row is:
                | `\(name)` | what it is in one line | reals | yes | `script.py` `Module/fixture.json` `case` | yes |
                """)
        }
        for (name, same) in named {
            #expect(same.count == 1, "docs/operations.md has \(same.count) rows for `\(name)`")
            #expect(
                names.files[name] != nil,
                "docs/operations.md has a row for `\(name)`, which no source declares")
        }
    }

    @Test mutating func `every row's oracle has its script, its fixture and its case`() throws {
        for row in table.rows {
            guard row.hasOracle else {
                #expect(row.oracle.count > "none: ".count + 5, "`\(row.name)`: why is there no oracle?")
                continue
            }
            _ = try table.cases(of: row)
        }
    }

    @Test func `cells say one of the things that they can say`() {
        let elements: Set = [
            "reals", "all", "f64, f32", "f32", "reals, whole numbers", "whole numbers", "masks", "–",
        ]
        for row in table.rows {
            #expect(elements.contains(row.elements), "`\(row.name)`: elements are not '\(row.elements)'")
            #expect(
                ["yes", "no", "–"].contains(row.gradient),
                "`\(row.name)`: a gradient is not '\(row.gradient)'")
            let isKnown = ["yes", "–", "by its operations"].contains(row.differences)
            #expect(
                isKnown || row.differences.hasPrefix("no: "),
                "`\(row.name)`: differences are not '\(row.differences)'")
        }
    }

    /// Rows whose fixtures do not have the form of `operation_case`, and where their kinds and gradients are tested.
    private let otherwise = [
        "Variable.cast": "its fixture holds bits; CastTests and AutocastTests",
        "dropout": "DropoutTests, by the mask that ones show",
    ]

    /// Rows whose oracle has nothing to compare with differences: at the ends of a range and at equal edges of boxes
    /// the slope is a decree, and what only moves elements is held in f32.
    private let withoutDifferences: Set = [
        "Variable.clamped", "Variable.flattened", "Variable.permuted", "Variable.reshaped",
    ]

    @Test mutating func `an operation's oracle has the kinds, the gradient and the differences of its row`()
        throws
    {
        let rows = table.rows.filter { ["Operations", "Losses"].contains($0.section) }
        #expect(rows.count > 80)
        for row in rows where otherwise[row.name] == nil {
            #expect(row.hasOracle, "`\(row.name)` has no oracle")
            let cases = try table.cases(of: row)
            let kinds = OracleTable.texts("dtype", in: cases)
            if row.elements == "all" {
                // Nothing is computed: one kind's places are all kinds' places.
                #expect(!kinds.isDisjoint(with: ["f64", "f32"]), "`\(row.name)`: kinds are \(kinds)")
            } else {
                #expect(kinds.isSuperset(of: ["f64", "f32"]), "`\(row.name)`: kinds are \(kinds)")
            }
            #expect(
                cases.contains(where: OracleTable.hasGradient) == (row.gradient == "yes"),
                "`\(row.name)`: its gradient is '\(row.gradient)', and its oracle says otherwise")
            guard row.differences == "yes", !withoutDifferences.contains(row.name) else { continue }
            #expect(
                cases.contains(where: OracleTable.isSmooth),
                "`\(row.name)`: no case of its oracle is smooth, in f64 and not empty")
        }
    }

    /// The enums that an operation takes, and under which key its cases have them.
    private let forms = [
        ("Activation", "biasActivation", "activation"), ("BoxLoss", "boxLoss", "kind"),
        ("GELUForm", "gelu", "form"),
        ("Interpolation", "interpolate", "operation"), ("Reduction", "klDivergence", "reduction"),
        ("FeedForwardActivation", "TransformerEncoderLayer", "activation"),
        ("NormActivation", "BatchNorm", "activation"),
    ]

    @Test mutating func `every form of an operation has its case`() throws {
        let names = try PublicNames(below: root)
        for (type, name, key) in forms {
            let wanted = try #require(names.cases[type])
            let row = try #require(table.rows.first { $0.name == name })
            let found = OracleTable.texts(key, in: try table.cases(of: row))
            #expect(found.isSuperset(of: wanted), "`\(name)`: no case of \(Set(wanted).subtracting(found))")
        }
    }
}
