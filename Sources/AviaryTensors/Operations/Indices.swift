extension Tensor {
    /// The tensor as indices, each in `0..<extent`; stops the program where one is not.
    package func indices(below extent: Int, _ operation: String) -> [Int] {
        readIndices(below: extent, operation) { $0.map { Int($0) } }
    }

    /// Lends this int64 or int32 tensor as indices in row-major order, each in `0..<extent`; stops the program where one
    /// is not.
    ///
    /// - Parameters:
    ///   - extent: How many places there are.
    ///   - operation: What a message calls the operation.
    ///   - places: What a message calls the places; `nil` for an axis.
    ///   - body: Is lent the indices.
    /// - Returns: What `body` returns.
    func readIndices<R>(
        below extent: Int, _ operation: String, in places: String? = nil,
        _ body: (UnsafeBufferPointer<Int64>) -> R
    ) -> R {
        dtype.require([.int64, .int32], "\(operation)'s indices")
        let wide = cast(to: .int64).plain
        return wide.read(Int64.self) { first in
            let indices = UnsafeBufferPointer(start: first, count: count)
            for index in indices where index < 0 || index >= extent {
                fatalError("\(operation): index \(index) \(places ?? "along an axis of \(extent)")")
            }
            return body(indices)
        }
    }

    /// The same of the rows of a table.
    func readRows<R>(
        ofTableOf rowCount: Int, _ operation: String, _ body: (UnsafeBufferPointer<Int64>) -> R
    ) -> R {
        readIndices(below: rowCount, operation, in: "in a table of \(rowCount) rows", body)
    }
}
