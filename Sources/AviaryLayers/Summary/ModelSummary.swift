/// A model's layers with what they hold and what they compute for one input.
///
/// Multiply-adds are those of products: linear, convolution, matrix products, attention. Norms, activations,
/// poolings and biases are not counted, as in the tables of papers ("multiply-adds" of He et al. 2016).
public struct ModelSummary: Sendable, Equatable {
    /// A module that holds parameters or computes products itself.
    public struct Row: Sendable, Equatable {
        /// Its path; empty for the model itself.
        public let path: String
        /// The name of its type.
        public let kind: String
        /// The shape of what it made last; `nil` where nothing passed through it.
        public internal(set) var outputShape: [Int]?
        /// How many numbers of it learn; those of a tied parameter are counted where it stands first.
        public internal(set) var trainableCount = 0
        /// How many numbers of its parameters are frozen.
        public internal(set) var frozenCount = 0
        /// How many products it adds up, over the whole input and all its calls.
        public internal(set) var multiplyAdds = 0
    }

    /// In the order of the model's properties.
    public let rows: [Row]
    /// The shape of the model's output.
    public let outputShape: [Int]

    /// How many numbers learn.
    public var trainableCount: Int { rows.reduce(0) { $0 + $1.trainableCount } }
    /// How many numbers of parameters are frozen.
    public var frozenCount: Int { rows.reduce(0) { $0 + $1.frozenCount } }
    /// How many products are added up.
    public var multiplyAdds: Int { rows.reduce(0) { $0 + $1.multiplyAdds } }
}

extension ModelSummary: CustomStringConvertible {
    /// A table of the rows and their totals.
    public var description: String {
        let head = ["layer", "kind", "output", "trainable", "frozen", "multiply-adds"]
        let lines = rows.map {
            Self.line(
                $0.path.isEmpty ? "(model)" : $0.path, $0.kind, $0.outputShape, $0.trainableCount,
                $0.frozenCount,
                $0.multiplyAdds)
        }
        let total = Self.line("total", "", outputShape, trainableCount, frozenCount, multiplyAdds)
        let table = [head] + lines + [total]
        let widths = head.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        return table.map { cells in
            let padded = cells.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - cells[column].count)
                // Words begin on the left, numbers end on the right.
                return column < 3 ? cells[column] + space : space + cells[column]
            }
            return padded.joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func line(
        _ path: String, _ kind: String, _ shape: [Int]?, _ trainable: Int, _ frozen: Int, _ multiplyAdds: Int
    ) -> [String] {
        [path, kind, shape.map { "\($0)" } ?? "-"] + [trainable, frozen, multiplyAdds].map(grouped)
    }

    /// `1234567` as `1,234,567`.
    private static func grouped(_ number: Int) -> String {
        let digits = Array(String(number))
        return digits.indices.reduce(into: "") { text, index in
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digits[index])
        }
    }
}
