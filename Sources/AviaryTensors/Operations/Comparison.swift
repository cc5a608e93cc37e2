// Comparisons give masks (bool) and have no gradient, so that they are functions of tensors: `x.tensor .< 0`.
// The operators are those that Swift has for its vectors. As in IEEE 754, NaN is neither below, above nor equal.

/// Where the elements are equal; the shapes are broadcast.
public func .== (left: Tensor, right: Tensor) -> Tensor { left.compared(.equal, with: right) }
/// Where the elements are equal to a number.
public func .== (left: Tensor, right: Double) -> Tensor { left.compared(.equal, with: right) }
/// Where the elements differ; the shapes are broadcast.
public func .!= (left: Tensor, right: Tensor) -> Tensor { left.compared(.unequal, with: right) }
/// Where the elements differ from a number.
public func .!= (left: Tensor, right: Double) -> Tensor { left.compared(.unequal, with: right) }
/// Where the left elements are below the right ones; the shapes are broadcast.
public func .< (left: Tensor, right: Tensor) -> Tensor { left.compared(.below, with: right) }
/// Where the elements are below a number.
public func .< (left: Tensor, right: Double) -> Tensor { left.compared(.below, with: right) }
/// Where the left elements are at most the right ones; the shapes are broadcast.
public func .<= (left: Tensor, right: Tensor) -> Tensor { left.compared(.atMost, with: right) }
/// Where the elements are at most a number.
public func .<= (left: Tensor, right: Double) -> Tensor { left.compared(.atMost, with: right) }
/// Where the left elements are above the right ones; the shapes are broadcast.
public func .> (left: Tensor, right: Tensor) -> Tensor { left.compared(.above, with: right) }
/// Where the elements are above a number.
public func .> (left: Tensor, right: Double) -> Tensor { left.compared(.above, with: right) }
/// Where the left elements are at least the right ones; the shapes are broadcast.
public func .>= (left: Tensor, right: Tensor) -> Tensor { left.compared(.atLeast, with: right) }
/// Where the elements are at least a number.
public func .>= (left: Tensor, right: Double) -> Tensor { left.compared(.atLeast, with: right) }

private enum Comparison: String {
    case equal, unequal, below
    case atMost = "at most"
    case above
    case atLeast = "at least"

    func function<T: Comparable>(_ type: T.Type) -> (T, T) -> Bool {
        switch self {
        case .equal: { $0 == $1 }
        case .unequal: { $0 != $1 }
        case .below: { $0 < $1 }
        case .atMost: { $0 <= $1 }
        case .above: { $0 > $1 }
        case .atLeast: { $0 >= $1 }
        }
    }
}

extension Tensor {
    fileprivate func compared(_ comparison: Comparison, with other: Tensor) -> Tensor {
        let name = "is \(comparison.rawValue)"
        guard dtype == other.dtype else {
            dtypeMistake("\(name) with \(dtype)", other.dtype, supported: [dtype])
        }
        switch dtype {
        case .f64: return paired(name, with: other, comparison.function(Double.self))
        case .f32: return paired(name, with: other, comparison.function(Float.self))
        case .bf16, .f16: return widened.compared(comparison, with: other.widened)
        case .int64: return paired(name, with: other, comparison.function(Int64.self))
        default: return cast(to: .int64).compared(comparison, with: other.cast(to: .int64))
        }
    }

    /// With the number in the precision of real elements; with whole ones as it is.
    fileprivate func compared(_ comparison: Comparison, with number: Double) -> Tensor {
        if dtype.isReal { return compared(comparison, with: .filled([], with: number, dtype: dtype)) }
        guard let whole = Int64(exactly: number) else {
            return cast(to: .f64).compared(comparison, with: Tensor(number))
        }
        return cast(to: .int64).compared(comparison, with: Tensor(whole))
    }

    /// A mask of what holds for two elements; the shapes are broadcast.
    func paired<T: TensorElement>(
        _ name: String, with other: Tensor, _ holds: (T, T) -> Bool
    ) -> Tensor {
        guard let target = broadcastShape(shape, other.shape) else { shapeMistake(name, shape, other.shape) }
        let (left, right) = (broadcast(to: target), other.broadcast(to: target))
        return Tensor(shape: target, of: Bool.self) { output in
            left.plain.read(T.self) { a in
                right.plain.read(T.self) { b in
                    for i in 0..<target.product { output[i] = holds(a[i], b[i]) }
                }
            }
        }
    }
}
