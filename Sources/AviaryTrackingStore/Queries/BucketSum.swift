/// Buckets of equal width, a power of two, aligned to multiples of it.
struct BucketScale {
    /// The binary logarithm of the width.
    private let shift: Int64

    var width: Int64 { 1 << shift }

    /// The smallest width that covers the range with at most so many buckets.
    ///
    /// Aligned buckets never span zero, and a width of 2^62 is the greatest: a range over zero has two buckets
    /// at least, one over nearly all of `Int64` four.
    init(_ range: ClosedRange<Int64>, bucketCount: Int) {
        var shift: Int64 = 0
        while shift < 62 {
            let low = range.lowerBound >> shift
            let (distance, overflow) = (range.upperBound >> shift).subtractingReportingOverflow(low)
            if !overflow, distance < Int64(bucketCount) { break }
            shift += 1
        }
        self.shift = shift
    }

    /// Where the bucket of `x` begins.
    func start(of x: Int64) -> Int64 { (x >> shift) << shift }
}

/// Sums up values that come in the order of their axis.
struct BucketSum {
    let scale: BucketScale
    private var done: [Bucket] = []
    private var current: OpenBucket?

    init(scale: BucketScale) {
        self.scale = scale
    }

    mutating func add(_ value: Double, at x: Int64) {
        let start = scale.start(of: x)
        if let full = current, full.start != start {
            done.append(full.bucket)
            current = nil
        }
        if current == nil { current = OpenBucket(start: start, first: value) }
        current?.add(value)
    }

    var finished: [Bucket] {
        guard let current else { return done }
        return done + [current.bucket]
    }
}

/// The bucket that still takes values.
private struct OpenBucket {
    let start: Int64
    let first: Double
    var last: Double
    var count = 0
    var nanCount = 0
    var finiteCount = 0
    var sum = 0.0
    var least = Double.infinity
    var greatest = -Double.infinity

    init(start: Int64, first: Double) {
        self.start = start
        self.first = first
        last = first
    }

    mutating func add(_ value: Double) {
        last = value
        count += 1
        if value.isNaN { nanCount += 1 }
        guard value.isFinite else { return }
        finiteCount += 1
        sum += value
        least = Swift.min(least, value)
        greatest = Swift.max(greatest, value)
    }

    var bucket: Bucket {
        let hasFinite = finiteCount > 0
        return Bucket(
            x: start, count: count, nanCount: nanCount, first: first, last: last,
            min: hasFinite ? least : nil, max: hasFinite ? greatest : nil,
            mean: hasFinite ? sum / Double(finiteCount) : nil)
    }
}
