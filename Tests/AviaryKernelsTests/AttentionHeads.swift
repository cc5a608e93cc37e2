import AviaryKernels

/// A kernel of attention over some kind of element.
struct AttentionKernel<T: AttentionElement & StoredReal> where T.Real == Float {
    let forward:
        (
            AttentionShape, AttentionRule, AttentionInputs<T>, HeadRows<T>, AttentionNormalizers<Float>
        ) -> Void
    let backward:
        (
            AttentionShape, AttentionRule, AttentionInputs<T>, AttentionResult<T>, HeadRows<T>,
            AttentionGradients<T>
        ) -> Void

    static func fast(_ products: AttentionProducts = .fastest) -> AttentionKernel {
        AttentionKernel(
            forward: { FastAttention.forward($0, $1, $2, output: $3, normalizers: $4, products: products) },
            backward: {
                FastAttention.backward(
                    $0, $1, $2, $3, outputGradient: $4, gradients: $5, products: products)
            })
    }
}

extension AttentionKernel where T == Float {
    static var plain: AttentionKernel {
        AttentionKernel(
            forward: { PlainAttention.forward($0, $1, $2, output: $3, normalizers: $4) },
            backward: { PlainAttention.backward($0, $1, $2, $3, outputGradient: $4, gradients: $5) })
    }
}

/// An element that a test can make and read.
protocol TestElement: AttentionElement, StoredReal where Real == Float {
    init(_ number: Float)
    var float: Float { get }
}

extension Float: TestElement {
    var float: Float { self }
}

/// bf16.
struct Brain: TestElement {
    typealias Real = Float
    static var kind: RealKind { .bf16 }
    var bits: UInt16

    init(_ number: Float) {
        let bits = number.bitPattern
        self.bits = number.isNaN ? 0x7FC0 : UInt16((bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }

    var float: Float { Float(bitPattern: UInt32(bits) << 16) }
}

/// Heads `[batch, heads, length, width]` in memory: one after the other, or side by side in the rows of
/// `[batch, length, heads * width + gap]`.
///
/// What nobody wrote is NaN.
final class Heads<T: TestElement> {
    let rows: HeadRows<T>
    private let memory: Memory<T>
    private let places: [Int]

    init(_ shape: AttentionShape, length: Int, width: Int, gap: Int?, _ values: [Float]?) {
        let row = gap.map { shape.heads * width + $0 } ?? width
        let head = gap == nil ? length * width : width
        let batch = gap == nil ? shape.heads * head : length * row
        let places = (0..<shape.headCount * length * width).map { index in
            let (place, element) = index.quotientAndRemainder(dividingBy: width)
            let (headIndex, position) = place.quotientAndRemainder(dividingBy: length)
            return headIndex / shape.heads * batch + headIndex % shape.heads * head + position * row + element
        }
        var elements = [T](repeating: T(.nan), count: shape.batch * batch)
        if let values { for (place, value) in zip(places, values) { elements[place] = T(value) } }
        memory = Memory(elements)
        rows = HeadRows(memory.start, steps: (batch: batch, head: head, row: row))
        self.places = places
    }

    /// In the order of `[batch, heads, length, width]`.
    var values: [Float] { places.map { memory.start[$0].float } }
}
