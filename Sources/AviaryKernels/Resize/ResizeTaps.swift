/// For each new element along an axis the old ones that it is a weighted mean of.
package struct ResizeTaps<Weight: BinaryFloatingPoint & Sendable>: Sendable {
    /// How many old elements there are.
    package let extent: Int
    /// Where the taps of each new element begin; one more at the end.
    package private(set) var starts = [0]
    /// Old elements, those of one new element behind those of the other.
    package private(set) var sources: [Int] = []
    package private(set) var weights: [Weight] = []

    /// How many new elements there are.
    package var count: Int { starts.count - 1 }

    private init(extent: Int) {
        self.extent = extent
    }

    private mutating func append(_ taps: [(source: Int, weight: Weight)]) {
        sources += taps.map(\.source)
        weights += taps.map(\.weight)
        starts.append(sources.count)
    }

    /// Visits the taps of one new element.
    @inline(__always)
    func each(_ position: Int, _ body: (_ source: Int, _ weight: Weight) -> Void) {
        for tap in starts[position]..<starts[position + 1] { body(sources[tap], weights[tap]) }
    }
}

/// How the weight of an old element falls with its distance from the new one, both in old elements.
package enum ResizeFilter: Sendable {
    /// A triangle that ends at distance 1.
    case linear
    /// Keys' cubic that ends at distance 2.
    case cubic

    /// Where the weight has come down to nothing.
    fileprivate var support: Int {
        switch self {
        case .linear: 1
        case .cubic: 2
        }
    }

    /// The weight at a distance; `slope` is the cubic's free parameter, its slope at distance 1.
    fileprivate func weight<T: BinaryFloatingPoint>(at distance: T, slope a: T) -> T {
        let x = abs(distance)
        switch self {
        case .linear: return max(0, 1 - x)
        case .cubic:
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
        }
    }
}

/// Places and weights are computed in the precision of the pixels, as PyTorch does: a place of 300 is rounded to
/// 1.5e-5 in single precision, and a resize of noise shows it.
extension ResizeTaps {
    /// Each new element from the old ones beside its place; beyond the border the last one stands.
    ///
    /// With `alignsCorners` the outer elements' centres stay where they are, else the outer edges do.
    /// Extents are at least 1. A place is `scale · (i + 1/2) - 1/2`, rounded once or, with `roundsTwice`, after the
    /// product too.
    ///
    /// Source: PyTorch, `aten/src/ATen/native/UpSample.h`; its cubic is that of Keys 1981 with a slope of -0.75.
    @specialized(where Weight == Float)
    @specialized(where Weight == Double)
    package static func interpolation(
        _ filter: ResizeFilter, from extent: Int, to count: Int, alignsCorners: Bool,
        roundsTwice: Bool = false
    ) -> ResizeTaps {
        var taps = ResizeTaps(extent: extent)
        let scale = scale(from: extent, to: count, alignsCorners: alignsCorners)
        for position in 0..<count {
            let centre = Weight(position) + 0.5
            let edgeAligned =
                roundsTwice ? centre * scale - 0.5 : Weight(-0.5).addingProduct(centre, scale)
            let place = alignsCorners ? Weight(position) * scale : edgeAligned
            switch filter {
            case .linear:
                let place = max(0, place)
                let first = min(Int(place), extent - 1)
                let second = min(first + 1, extent - 1)
                let share = place - Weight(first)
                taps.append([(first, 1 - share), (second, share)])
            case .cubic:
                let first = Int(place.rounded(.down)) - 1
                taps.append(
                    (first..<first + 4).map {
                        let weight = filter.weight(at: place - Weight($0), slope: -0.75)
                        return (min(max($0, 0), extent - 1), weight)
                    })
            }
        }
        return taps
    }

    /// The same with a filter that grows as the image shrinks: every old element takes part, none is aliased.
    ///
    /// Extents are at least 1. What the filter covers beyond the border counts for nothing. With `alignsCorners` the
    /// scale is that of aligned corners, and the centres lie at `scale · (i + 1/2)` all the same.
    ///
    /// Source: PyTorch, `aten/src/ATen/native/cpu/UpSampleKernel.cpp`, as torchvision's `resize` of an image and
    /// Pillow's; the cubic's slope is -0.5 there.
    @specialized(where Weight == Float)
    @specialized(where Weight == Double)
    package static func antialiased(
        _ filter: ResizeFilter, from extent: Int, to count: Int, alignsCorners: Bool = false
    ) -> ResizeTaps {
        var taps = ResizeTaps(extent: extent)
        let scale = scale(from: extent, to: count, alignsCorners: alignsCorners)
        let width = max(1, scale)
        let inverse = 1 / width
        let support = Weight(filter.support) * width
        for position in 0..<count {
            let centre = scale * (Weight(position) + 0.5)
            let first = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), extent)
            let weights = (first..<end).map {
                filter.weight(at: (Weight($0) - centre + 0.5) * inverse, slope: -0.5)
            }
            let total = weights.reduce(0, +)
            taps.append(zip(first..<end, weights).map { ($0, $1 / total) })
        }
        return taps
    }

    /// How many old elements lie between one new element and the next.
    private static func scale(from extent: Int, to count: Int, alignsCorners: Bool) -> Weight {
        guard alignsCorners else { return Weight(extent) / Weight(count) }
        return count > 1 ? Weight(extent - 1) / Weight(count - 1) : 0
    }
}
