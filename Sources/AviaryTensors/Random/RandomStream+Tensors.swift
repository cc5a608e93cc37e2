import AviaryKernels

// Each tensor's elements are the numbers that would be drawn one after the other, in row-major order; threads begin
// in the middle, each at its own draw. So neither their number nor whose turn it is shows in the result.
extension RandomStream {
    /// Single-precision numbers spread evenly in [-bound, bound): one draw each.
    public mutating func uniformTensor(_ shape: [Int], bound: Double) -> Tensor {
        filled(shape, draws: 1) { Float((2 * $0.uniform() - 1) * bound) }
    }

    /// Single-precision normal numbers with mean 0: two draws each.
    public mutating func normalTensor(_ shape: [Int], deviation: Double) -> Tensor {
        filled(shape, draws: 2) { Float($0.normal() * deviation) }
    }

    /// Single-precision normal numbers of those between two bounds: one draw each (see `truncatedNormal`).
    public mutating func truncatedNormalTensor(
        _ shape: [Int], mean: Double = 0, deviation: Double = 1, in bounds: ClosedRange<Double> = -2...2
    ) -> Tensor {
        filled(shape, draws: 1) { Float($0.truncatedNormal(mean: mean, deviation: deviation, in: bounds)) }
    }

    /// A mask, bool, that is true with this probability: one draw each.
    public mutating func bernoulliTensor(_ shape: [Int], probability: Double) -> Tensor {
        filled(shape, draws: 1) { $0.bernoulli(probability) }
    }

    /// Whole numbers, int64, each one of `0..<bound`: one draw each.
    public mutating func integerTensor(_ shape: [Int], below bound: Int) -> Tensor {
        filled(shape, draws: 1) { Int64($0.integer(below: bound)) }
    }

    /// Draws every element, so many draws for each, on the thread pool; goes on behind the last.
    private mutating func filled<T: TensorElement>(
        _ shape: [Int], draws: Int, _ element: (inout RandomStream) -> T
    ) -> Tensor {
        let (stream, start) = (self, position)
        skip(to: start + draws * shape.product)
        return Tensor(shape: shape, of: T.self) { output in
            Parallel.run(shape.product, grain: Self.grain) { part in
                var stream = stream.skipped(to: start + draws * part.lowerBound)
                for i in part { output[i] = element(&stream) }
            }
        }
    }

    /// A draw takes some ten times as long as adding two numbers.
    private static let grain = Parallel.elementGrain / 8
}
