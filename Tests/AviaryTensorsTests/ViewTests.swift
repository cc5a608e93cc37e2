import AviaryTensors
import Testing

/// Slices, permutations, broadcasts and flips share memory; whoever takes elements sees them in order.
struct ViewTests {
    private let x = Tensor((0..<24).map { Float($0) }, shape: [2, 3, 4])

    @Test func `what only looks elsewhere copies nothing`() {
        let views = [
            x.permuted([2, 0, 1]), x.sliced([.range(1..<2), .all, .range(0..<4, step: 2)]),
            x.flipped([0, 2]),
            x.broadcast(to: [5, 2, 3, 4]), x.permuted([1, 0, 2]).sliced(1..<3, along: 0).flipped([1]),
        ]
        for view in views { #expect(view.storage === x.storage) }
    }

    @Test func `a view of a view is read in its own order`() {
        let turned = x.permuted([2, 0, 1])  // [4, 2, 3]
        #expect(turned.values(as: Float.self).prefix(6) == [0, 4, 8, 12, 16, 20])
        let part = turned.sliced([.range(1..<4, step: 2), .range(1..<2)])  // [2, 1, 3]
        #expect(part.shape == [2, 1, 3])
        #expect(part.values(as: Float.self) == [13, 17, 21, 15, 19, 23])
        #expect(part.flipped([2]).values(as: Float.self) == [21, 17, 13, 23, 19, 15])
        #expect(
            part.broadcast(to: [2, 2, 3]).reshaped([12]).values(as: Float.self).suffix(3) == [15, 19, 23])
    }

    @Test func `a part that lies together is plain where it lies`() {
        let row = x.sliced(1..<2, along: 0)
        #expect(row.layout == .plain && row.storage === x.storage)
        #expect(row.reshaped([12]).values(as: Float.self) == (12..<24).map { Float($0) })
        #expect(row.sliced(2..<3, along: 1).values(as: Float.self) == [20, 21, 22, 23])
        #expect(concatenated(row).values(as: Float.self) == (12..<24).flatMap { [Float($0)] } * 2)
    }

    private func concatenated(_ row: Tensor) -> Tensor { Tensor.concatenated([row, row], axis: 0) }

    @Test func `operations on views equal those on copies`() {
        let view = x.permuted([0, 2, 1])
        let copy = Tensor(view.values(as: Float.self), shape: view.shape)
        #expect(view.adding(copy).values(as: Float.self) == copy.adding(copy).values(as: Float.self))
        #expect(view.applying(.relu).layout == .plain)
        #expect(view.scaled(by: 2).values(as: Float.self) == copy.scaled(by: 2).values(as: Float.self))
        #expect(
            view.summed(to: [2, 1, 3]).values(as: Float.self)
                == copy.summed(to: [2, 1, 3]).values(as: Float.self))
        let (a, b) = (view.reshaped([8, 3]), x.sliced(0..<1, along: 0).reshaped([3, 4]))
        #expect(
            a.product(b).values(as: Float.self) == copy.reshaped([8, 3]).product(b).values(as: Float.self))
        #expect(view.cast(to: .f16).cast(to: .f32).values(as: Float.self) == copy.values(as: Float.self))
        #expect(view.argmax(axis: 1).values(as: Int64.self) == copy.argmax(axis: 1).values(as: Int64.self))
    }

    @Test func `an empty view has no elements`() {
        #expect(x.sliced([.range(1..<1)]).values(as: Float.self).isEmpty)
        #expect(x.sliced([.range(1..<1)]).flipped([0]).shape == [0, 3, 4])
    }
}

private func * (row: [Float], times: Int) -> [Float] { (0..<times).flatMap { _ in row } }
