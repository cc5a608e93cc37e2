import AviaryKernels

/// The gradient by a table of which few rows took part: those rows; all others are zero.
///
/// Letters: `V` rows of the table, `D` numbers a row, `R` rows that took part.
public struct RowGradient: Sendable {
    /// The rows that took part, ascending, each once: `R` numbers in `0..<V`.
    public let rows: [Int64]
    /// Their gradients: `[R, D]`.
    public let values: Tensor
    /// How many rows the table has: `V`.
    public let rowCount: Int

    private init(rows: [Int64], values: Tensor, rowCount: Int) {
        self.rows = rows
        self.values = values
        self.rowCount = rowCount
    }

    /// Adds up the rows of `upstream` that have the same id.
    ///
    /// In double precision, in the order of the ids, rounded once: the same bytes for any number of threads.
    ///
    /// - Parameters:
    ///   - ids: int64 or int32 of any shape, each in `0..<V`.
    ///   - upstream: `[ids…, D]`.
    ///   - rowCount: `V`.
    ///   - paddingIndex: A row that is left out.
    public init(ids: Tensor, upstream: Tensor, rowCount: Int, paddingIndex: Int? = nil) {
        guard let width = upstream.shape.last, upstream.shape == ids.shape + [width] else {
            shapeMistake("row gradient", upstream.shape, "the ids' axes \(ids.shape) and one more")
        }
        self = ids.readRows(ofTableOf: rowCount, "row gradient") {
            RowGradient(
                $0, upstream: upstream.reshaped([ids.count, width]), rowCount: rowCount,
                excluding: paddingIndex)
        }
    }

    /// The same of rows `[ids, D]` whose numbers are known to be in the table.
    private init(
        _ ids: UnsafeBufferPointer<Int64>, upstream: Tensor, rowCount: Int, excluding excluded: Int? = nil
    ) {
        let groups = RowGroups(of: ids, below: rowCount, excluding: excluded)
        let width = upstream.shape[1]
        let shape = [groups.rows.count, width]
        let values =
            switch upstream.dtype {
            case .f32:
                Tensor(shape: shape, of: Float.self) { output in
                    upstream.read(Float.self) { RowSums.run($0, groups, width: width, into: output) }
                }
            case .f64:
                Tensor(shape: shape, of: Double.self) { output in
                    upstream.read(Double.self) { RowSums.runPlain($0, groups, width: width, into: output) }
                }
            default: dtypeMistake("row gradient", upstream.dtype, supported: [.f32, .f64])
            }
        self.init(rows: groups.rows, values: values, rowCount: rowCount)
    }

    /// The shape of the table: `[V, D]`.
    public var shape: [Int] { [rowCount, values.shape[1]] }

    /// All rows of the table, the others as zeros: `[V, D]`.
    public var dense: Tensor {
        var whole = Tensor.zeros(shape, dtype: values.dtype)
        whole.add(self)
        return whole
    }

    /// The sum: the rows of both.
    package func adding(_ other: RowGradient) -> RowGradient {
        guard shape == other.shape else { shapeMistake("add rows", shape, other.shape) }
        return (rows + other.rows).withUnsafeBufferPointer {
            RowGradient(
                $0, upstream: .concatenated([values, other.values], axis: 0), rowCount: rowCount)
        }
    }

    /// Changes the rows that took part; right for the whole only where `transform` leaves zero as it is.
    package func mapped(_ transform: (Tensor) -> Tensor) -> RowGradient {
        let changed = transform(values)
        guard changed.shape == values.shape else { shapeMistake("map rows", values.shape, changed.shape) }
        return RowGradient(rows: rows, values: changed, rowCount: rowCount)
    }
}

extension Tensor {
    /// This gradient by a table, `[V, D]`, and that of some of its rows together.
    package func adding(_ rows: RowGradient) -> Tensor {
        var sum = self
        sum.add(rows)
        return sum
    }

    fileprivate mutating func add(_ gradient: RowGradient) {
        guard shape == gradient.shape else { shapeMistake("add rows", shape, gradient.shape) }
        switch dtype {
        case .f32: add(gradient, of: Float.self)
        case .f64: add(gradient, of: Double.self)
        default: dtypeMistake("add rows", dtype, supported: [.f32, .f64])
        }
    }

    private mutating func add<T: TensorElement & BinaryFloatingPoint>(
        _ gradient: RowGradient, of type: T.Type
    ) {
        let width = shape[1]
        let table = uniqueAddress(T.self)
        gradient.values.read(T.self) { values in
            Parallel.run(gradient.rows.count, grain: max(1, Parallel.elementGrain / max(1, width))) {
                for place in $0 {
                    let (from, to) = (values + place * width, table + Int(gradient.rows[place]) * width)
                    for i in 0..<width { to[i] += from[i] }
                }
            }
        }
        withExtendedLifetime(self) {}
    }
}
