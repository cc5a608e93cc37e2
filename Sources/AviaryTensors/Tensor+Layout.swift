import AviaryKernels
import Synchronization

/// Counts the copies from one layout to another, weights packed for a kernel among them; a profile shows them.
package enum Reorders {
    private static let made = Atomic<Int>(0)
    /// How many there were since the program began.
    package static var count: Int { made.load(ordering: .relaxed) }

    /// Counts one that is about to be made.
    static func note() { made.add(1, ordering: .relaxed) }
}

extension Tensor {
    /// The tensor row-major; itself where it is already.
    package var plain: Tensor {
        if case .plain = layout { return self }
        return reordered(to: .plain)
    }

    /// The tensor with channels in the blocks that this processor's convolutions want.
    package var channelBlocked: Tensor { reordered(to: .channelBlocks(ImageShape.preferredChannelBlock)) }

    /// The tensor in the given layout: the one place where elements change their order.
    package func reordered(to layout: Layout) -> Tensor {
        let layout = layout.dense
        guard layout != self.layout else { return self }
        guard count > 0 else { return .unwritten(shape, dtype: dtype, layout: layout) }
        if case .strided(let steps) = self.layout {
            Reorders.note()
            return copied(at: Placement(start: start, steps: steps)).reordered(to: layout)
        }
        // Exact: f32 holds every number of two bytes.
        if dtype == .f16 { return cast(to: .f32).reordered(to: layout).cast(to: dtype) }
        guard let kind = dtype.native else { dtypeMistake("reorder", dtype, supported: [.f32, .bf16, .f16]) }
        Reorders.note()
        let from = image("reorder")
        let block = if case .channelBlocks(let block) = layout { block } else { 1 }
        return Tensor(shape: shape, dtype: dtype, layout: layout) { output in
            readBytes { reorder($0, from, into: output, from.blocked(block), kind: kind) }
        }
    }
}
