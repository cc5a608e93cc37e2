/// For each new element along an axis the old ones that it is a weighted mean of.
package struct ResizeTaps: Sendable {
    /// How many old elements there are.
    package let extent: Int
    /// Where the taps of each new element begin; one more at the end.
    package private(set) var starts = [0]
    /// Old elements, those of one new element behind those of the other.
    package private(set) var sources: [Int] = []
    package private(set) var weights: [Double] = []

    /// How many new elements there are.
    package var count: Int { starts.count - 1 }

    private init(extent: Int) {
        self.extent = extent
    }

    private mutating func append(_ taps: [(source: Int, weight: Double)]) {
        sources += taps.map(\.source)
        weights += taps.map(\.weight)
        starts.append(sources.count)
    }
}

/// How the weight of an old element falls with its distance from the new one, both in old elements.
package enum ResizeFilter: Sendable {
    /// A triangle that ends at distance 1.
    case linear
    /// Keys' cubic that ends at distance 2.
    case cubic

    /// Where the weight has come down to nothing.
    fileprivate var support: Double {
        switch self {
        case .linear: 1
        case .cubic: 2
        }
    }

    /// The weight at a distance; `slope` is the cubic's free parameter, its slope at distance 1.
    fileprivate func weight(at distance: Double, slope a: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .linear: return max(0, 1 - x)
        case .cubic:
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0
        }
    }
}

extension ResizeTaps {
    /// Each new element from the old ones beside its place; beyond the border the last one stands.
    ///
    /// With `alignsCorners` the outer elements' centres stay where they are, else the outer edges do.
    /// Extents are at least 1.
    ///
    /// Source: PyTorch, `aten/src/ATen/native/UpSample.h`; its cubic is that of Keys 1981 with a slope of -0.75.
    package static func interpolation(
        _ filter: ResizeFilter, from extent: Int, to count: Int, alignsCorners: Bool
    ) -> ResizeTaps {
        var taps = ResizeTaps(extent: extent)
        let scale =
            alignsCorners
            ? (count > 1 ? Double(extent - 1) / Double(count - 1) : 0) : Double(extent) / Double(count)
        for position in 0..<count {
            let place = alignsCorners ? Double(position) * scale : (Double(position) + 0.5) * scale - 0.5
            switch filter {
            case .linear:
                let place = max(0, place)
                let first = min(Int(place), extent - 1)
                let second = min(first + 1, extent - 1)
                taps.append([(first, 1 - (place - Double(first))), (second, place - Double(first))])
            case .cubic:
                let first = Int(place.rounded(.down)) - 1
                taps.append(
                    (first..<first + 4).map {
                        let weight = filter.weight(at: place - Double($0), slope: -0.75)
                        return (min(max($0, 0), extent - 1), weight)
                    })
            }
        }
        return taps
    }

    /// The same with a filter that grows as the image shrinks: every old element takes part, none is aliased.
    ///
    /// Extents are at least 1. What the filter covers beyond the border counts for nothing.
    ///
    /// Source: PyTorch, `aten/src/ATen/native/cpu/UpSampleKernel.cpp`, as torchvision's `resize` of an image and
    /// Pillow's; the cubic's slope is -0.5 there. Differs from PyTorch 2.13 where the new width is 1: that gives every
    /// row of the result the value of the first.
    package static func antialiased(
        _ filter: ResizeFilter, from extent: Int, to count: Int
    ) -> ResizeTaps {
        var taps = ResizeTaps(extent: extent)
        let scale = Double(extent) / Double(count)
        let width = max(1, scale)
        let support = filter.support * width
        for position in 0..<count {
            let centre = scale * (Double(position) + 0.5)
            let first = max(Int(centre - support + 0.5), 0)
            let end = min(Int(centre + support + 0.5), extent)
            let weights = (first..<end).map {
                filter.weight(at: (Double($0) - centre + 0.5) / width, slope: -0.5)
            }
            let total = weights.reduce(0, +)
            taps.append(zip(first..<end, weights).map { ($0, $1 / total) })
        }
        return taps
    }
}
