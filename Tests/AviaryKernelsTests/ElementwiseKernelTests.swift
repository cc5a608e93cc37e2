import AviaryKernels
import Testing

/// One element, fewer and more than a vector has, and enough for a third thread.
private let counts = [1, 15, 17, 1000, 40_003]

/// The vectorised loops against the expression that defines them: each is one rounding, so the bits are the same.
struct ElementwiseKernelTests {
    @Test(arguments: counts, [1, 2, 3])
    func `sums, differences, products and quotients`(count: Int, threads: Int) {
        let (left, right) = (numbers(count, 1), numbers(count, 2).map { $0 + 3 })
        let rules: [(Elementwise.Operation, (Float, Float) -> Float)] = [
            (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }), (.divide, { $0 / $1 }),
        ]
        for (operation, rule) in rules {
            let fast = written(count, threads: threads) {
                Elementwise.run(operation, .f32, PairShape(count: count), left, right, into: $0)
            }
            #expect(fast == zip(left, right).map(rule), "\(operation)")
        }
    }

    @Test(arguments: counts, [1, 2, 3])
    func multiples(count: Int, threads: Int) {
        let source = numbers(count, 5)
        let scaled = written(count, threads: threads) {
            Elementwise.scale(source, .f32, by: 0.3, into: $0, count: count)
        }
        #expect(scaled == source.map { $0 * 0.3 })
    }

    /// 16 sums in double precision of squares that are exact in it: 1e-12 is far more than they round.
    @Test(arguments: counts)
    func `the sum of squares`(count: Int) {
        let source = numbers(count, 7)
        let plain = source.reduce(0.0) { $0 + Double($1) * Double($1) }
        #expect(plain > 0 && abs(sumOfSquares(source, count: count) - plain) <= 1e-12 * plain)
    }

    /// A sum of squares that would not fit in single precision, nor keep its small parts there.
    @Test func `squares are summed in double precision`() {
        var source = [Float](repeating: 1, count: 33)
        (source[0], source[32]) = (1e6, 1e30)
        #expect(sumOfSquares(source, count: 32) == 1e12 + 31)
        let huge = Double(source[32]) * Double(source[32])
        #expect(abs(sumOfSquares(source, count: 33) - huge) <= 1e-12 * huge)
    }

    @Test func `no elements are left alone`() {
        let nothing = written(1, threads: 2) {
            Elementwise.run(.add, .f32, PairShape(count: 0), [] as [Float], [] as [Float], into: $0)
            Elementwise.scale([] as [Float], .f32, by: 2, into: $0, count: 0)
        }
        #expect(nothing[0].isNaN && sumOfSquares([], count: 0) == 0)
    }

    /// Numbers in [-1, 1) that look random and are the same each time.
    private func numbers(_ count: Int, _ seed: Int) -> [Float] {
        (0..<count).map { Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1 }
    }
}
