import AviaryKernels
import Testing

/// A number as a kernel for f32 and bf16 reads it.
protocol CodedReal: StoredReal {
    /// Rounds to the nearest, ties to even.
    init(coding number: Float)
    var decoded: Double { get }
}

extension Float: CodedReal {
    init(coding number: Float) { self = number }
    var decoded: Double { Double(self) }
}

extension UInt16: CodedReal {
    init(coding number: Float) {
        let bits = number.bitPattern
        self.init(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
    var decoded: Double { Double(Float(bitPattern: UInt32(self) << 16)) }
}

/// Numbers in [-1, 1) that look random, are the same each time, and are what `Element` can hold.
func imageNumbers<Element: CodedReal>(_ count: Int, _ seed: Int) -> [Element] {
    (0..<count).map {
        Element(coding: Float(($0 * 7919 + seed * 104_729 + $0 * $0 % 31 * 613) % 2003) / 1001.5 - 1)
    }
}

/// Plain images in the blocks of `shape`, the last one filled with zeros.
func blocked<Element: Numeric>(_ images: [Element], _ shape: ImageShape) -> [Element] {
    let area = shape.height * shape.width
    var out = [Element](repeating: 0, count: shape.elementCount)
    for n in 0..<shape.batch {
        for c in 0..<shape.channels {
            for i in 0..<area {
                out[shape.offset(image: n, channel: c) + i * shape.channelBlock] =
                    images[(n * shape.channels + c) * area + i]
            }
        }
    }
    return out
}

/// The numbers of such images in plain order; fails where what fills a last block is not zero.
func unblocked<Element: CodedReal>(_ images: [Element], _ shape: ImageShape, _ what: String) -> [Double] {
    let area = shape.height * shape.width
    var out = [Double](repeating: .nan, count: shape.batch * shape.channels * area)
    var padding = Set(images.indices)
    for n in 0..<shape.batch {
        for c in 0..<shape.channels {
            for i in 0..<area {
                let place = shape.offset(image: n, channel: c) + i * shape.channelBlock
                out[(n * shape.channels + c) * area + i] = images[place].decoded
                padding.remove(place)
            }
        }
    }
    #expect(padding.allSatisfy { images[$0].decoded == 0 }, "\(what): a last block is not filled with zeros")
    return out
}

/// Fails unless all numbers differ by at most `tolerance` of the greatest.
func expectNear(_ found: [Double], _ expected: [Double], within tolerance: Double, _ what: String) {
    let scale = max(expected.map(abs).max() ?? 0, 1e-30)
    let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance * scale, "\(what): differs by \(worst) where the greatest is \(scale)")
    #expect(found.count == expected.count && found.allSatisfy { !$0.isNaN }, "\(what)")
}
