public import AviaryTensors

/// The gradient by one parameter or input.
public enum Gradient: Sendable {
    /// A number for each of its elements.
    case dense(Tensor)
    /// Some rows of a table; the others are zero.
    case rows(RowGradient)

    /// A number for each element; of rows a whole table is made.
    public var tensor: Tensor {
        switch self {
        case .dense(let tensor): tensor
        case .rows(let rows): rows.dense
        }
    }

    /// The sum: rows as long as both are.
    package func adding(_ other: Gradient) -> Gradient {
        switch (self, other) {
        case (.dense(let left), .dense(let right)): .dense(left.adding(right))
        case (.rows(let left), .rows(let right)): .rows(left.adding(right))
        case (.dense(let tensor), .rows(let rows)), (.rows(let rows), .dense(let tensor)):
            .dense(tensor.adding(rows))
        }
    }

    /// Changes the numbers; of rows those that are there, so `transform` has to leave zero as it is.
    package func mapped(_ transform: (Tensor) -> Tensor) -> Gradient {
        switch self {
        case .dense(let tensor): .dense(transform(tensor))
        case .rows(let rows): .rows(rows.mapped(transform))
        }
    }

    /// The same as another kind of element.
    func cast(to kind: DType) -> Gradient {
        switch self {
        case .dense(let tensor): tensor.dtype == kind ? self : .dense(tensor.cast(to: kind))
        case .rows(let rows): rows.values.dtype == kind ? self : .rows(rows.mapped { $0.cast(to: kind) })
        }
    }

    /// The sum of the squares of all elements.
    package var sumOfSquares: Double {
        switch self {
        case .dense(let tensor): tensor.sumOfSquares
        case .rows(let rows): rows.sumOfSquares
        }
    }
}
