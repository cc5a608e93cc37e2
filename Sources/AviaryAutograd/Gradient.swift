public import AviaryTensors

/// The gradient by one parameter or input.
public enum Gradient: Sendable {
    /// A number for each of its elements.
    case dense(Tensor)
    /// The same for a table, kept as the few rows that are not zero: an optimizer steps all rows.
    case zeros(except: RowGradient)
    /// Some rows of a table: an optimizer steps these, and the others rest.
    case rows(RowGradient)

    /// A number for each element; of rows a whole table is made.
    public var tensor: Tensor {
        switch self {
        case .dense(let tensor): tensor
        case .zeros(let rows), .rows(let rows): rows.dense
        }
    }

    /// The sum: rows as long as both are, and others rest only where they rest in both.
    package func adding(_ other: Gradient) -> Gradient {
        switch (self, other) {
        case (.dense(let left), .dense(let right)): .dense(left.adding(right))
        case (.dense(let tensor), .zeros(let rows)), (.zeros(let rows), .dense(let tensor)),
            (.dense(let tensor), .rows(let rows)), (.rows(let rows), .dense(let tensor)):
            .dense(tensor.adding(rows))
        case (.rows(let left), .rows(let right)): .rows(left.adding(right))
        case (.zeros(let left), .zeros(let right)), (.zeros(let left), .rows(let right)),
            (.rows(let left), .zeros(let right)):
            .zeros(except: left.adding(right))
        }
    }

    /// Changes the numbers; of rows those that are there, so `transform` has to leave zero as it is.
    package func mapped(_ transform: (Tensor) -> Tensor) -> Gradient {
        switch self {
        case .dense(let tensor): .dense(transform(tensor))
        case .zeros(let rows): .zeros(except: rows.mapped(transform))
        case .rows(let rows): .rows(rows.mapped(transform))
        }
    }

    /// The same as another kind of element.
    func cast(to kind: DType) -> Gradient {
        kept.dtype == kind ? self : mapped { $0.cast(to: kind) }
    }

    /// The numbers that are kept: all others are zero.
    package var kept: Tensor {
        switch self {
        case .dense(let tensor): tensor
        case .zeros(let rows), .rows(let rows): rows.values
        }
    }
}
