public import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The place of each pixel in its image, as sines and cosines of its row and of its column.
///
/// Places count the pixels from 1, padding left out, and are divided by how many there are: so images of all sizes
/// have places in the same range, up to 2π. Half of the features tell the row, half the column; of each, feature `2 i`
/// is the sine and `2 i + 1` the cosine of `place / temperature^(4 i / width)`.
///
/// - Parameters:
///   - mask: `[N, H, W]` of `bool` or `uint8`: pixels that belong to an image, the others being padding.
///   - width: How many features a pixel has, a multiple of 4.
///   - temperature: How much slower the last features turn than the first, about.
/// - Returns: f32 `[N, H, W, width]`.
///
/// Source: Vaswani et al. 2017, section 3.5, over two axes as Carion et al. 2020; as DETR's `PositionEmbeddingSine`
/// with `normalize=True`, whose features stand before the rows.
public func sinePositions(of mask: Tensor, width: Int, temperature: Double = 10_000) -> Tensor {
    guard mask.shape.count == 3 else { shapeMistake("sine positions", mask.shape, "[N, H, W]") }
    guard mask.dtype == .bool || mask.dtype == .uint8 else {
        dtypeMistake("sine positions of a mask", mask.dtype, supported: [.bool, .uint8])
    }
    guard width > 0, width.isMultiple(of: 4) else {
        fatalError("sine positions: a width of \(width) is no multiple of 4")
    }
    let places = ImagePlaces(of: mask)
    let periods = (0..<width / 4).map { pow(temperature, 4 * Double($0) / Double(width)) }
    var features: [Float] = []
    features.reserveCapacity(mask.count * width)
    for pixel in 0..<mask.count {
        for place in [places.rows[pixel], places.columns[pixel]] {
            for period in periods { features += [Float(sin(place / period)), Float(cos(place / period))] }
        }
    }
    return Tensor(features, shape: mask.shape + [width])
}

/// The places of all pixels, row-major, in 0...2π.
private struct ImagePlaces {
    let rows: [Double]
    let columns: [Double]

    init(of mask: Tensor) {
        let (height, width) = (mask.shape[1], mask.shape[2])
        let taken = mask.cast(to: .f64).values(as: Double.self)
        let firstRows = taken.indices.filter { ($0 / width).isMultiple(of: height) }
        let firstColumns = taken.indices.filter { $0.isMultiple(of: width) }
        rows = Self.along(taken, starts: firstRows, height, by: width)
        columns = Self.along(taken, starts: firstColumns, width, by: 1)
    }

    /// Counts what is taken along lines of `count` pixels that lie `step` apart, as shares of a full turn.
    private static func along(_ taken: [Double], starts: [Int], _ count: Int, by step: Int) -> [Double] {
        var places = taken
        for start in starts {
            let line = (0..<count).map { start + $0 * step }
            for (before, pixel) in zip(line, line.dropFirst()) { places[pixel] += places[before] }
            // DETR's: a line that is all padding divides by this alone.
            let total = places[start + (count - 1) * step] + 1e-6
            for pixel in line { places[pixel] *= 2 * .pi / total }
        }
        return places
    }
}
