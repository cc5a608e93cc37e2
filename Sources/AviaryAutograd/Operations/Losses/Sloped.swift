#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A number with its slopes by the four coordinates of a box: a formula written with it gives its gradient too.
struct Sloped {
    var value: Double
    var slopes: SIMD4<Double>

    /// A constant.
    init(_ value: Double) { self.init(value, slopes: .zero) }

    init(_ value: Double, slopes: SIMD4<Double>) {
        self.value = value
        self.slopes = slopes
    }

    static func + (a: Sloped, b: Sloped) -> Sloped { Sloped(a.value + b.value, slopes: a.slopes + b.slopes) }
    static func - (a: Sloped, b: Sloped) -> Sloped { Sloped(a.value - b.value, slopes: a.slopes - b.slopes) }

    static func * (a: Sloped, b: Sloped) -> Sloped {
        Sloped(a.value * b.value, slopes: a.slopes * b.value + b.slopes * a.value)
    }

    static func / (a: Sloped, b: Sloped) -> Sloped {
        let quotient = a.value / b.value
        return Sloped(quotient, slopes: (a.slopes - b.slopes * quotient) / b.value)
    }

    static func + (a: Sloped, b: Double) -> Sloped { a + Sloped(b) }
    static func - (a: Double, b: Sloped) -> Sloped { Sloped(a) - b }
    static func * (a: Double, b: Sloped) -> Sloped { Sloped(a) * b }

    var squared: Sloped { self * self }
    var arcTangent: Sloped { Sloped(atan(value), slopes: slopes / (1 + value * value)) }

    /// The smaller; two equal ones share the slope, as in PyTorch.
    static func least(_ a: Sloped, _ b: Sloped) -> Sloped {
        guard a.value != b.value else { return Sloped(a.value, slopes: (a.slopes + b.slopes) / 2) }
        return a.value < b.value ? a : b
    }

    /// The greater; two equal ones share the slope, as in PyTorch.
    static func greatest(_ a: Sloped, _ b: Sloped) -> Sloped {
        guard a.value != b.value else { return Sloped(a.value, slopes: (a.slopes + b.slopes) / 2) }
        return a.value > b.value ? a : b
    }
}
