package import AviaryTracking

/// What a series is drawn over.
package enum SeriesAxis: Sendable {
    case step
    /// Milliseconds since the epoch.
    case time
    /// Milliseconds since the run's start.
    case relative
}

/// Asks for every key of every run, each in equal buckets.
package struct SeriesQuestion: Sendable {
    package static let bucketLimit = 10_000

    package var runs: [RunID]
    package var keys: [String]
    package var axis: SeriesAxis
    /// The least x that counts; `nil` begins with the series.
    package var from: Int64?
    /// The greatest x that counts; `nil` ends with the series.
    package var to: Int64?
    /// At most this many, 1 to `bucketLimit`.
    package var buckets: Int

    package init(
        runs: [RunID], keys: [String], axis: SeriesAxis = .step, from: Int64? = nil, to: Int64? = nil,
        buckets: Int = 500
    ) {
        self.runs = runs
        self.keys = keys
        self.axis = axis
        self.from = from
        self.to = to
        self.buckets = buckets
    }
}

/// The points of one stretch of the axis, summed up.
package struct Bucket: Sendable, Equatable {
    /// Where the stretch begins, a multiple of the width.
    package let x: Int64
    /// How many points there are, NaN and the infinities included.
    package let count: Int
    package let nanCount: Int
    /// The value of the first point by x, then time (or step), then value.
    package let first: Double
    package let last: Double
    /// Of the finite values; `nil` if there is none.
    package let min: Double?
    package let max: Double?
    package let mean: Double?
}

/// One series in buckets of equal width; empty buckets are left out.
package struct SeriesAnswer: Sendable, Equatable {
    package let run: RunID
    package let key: String
    /// A power of two: the smallest that gives at most the buckets asked for.
    package let width: Int64
    package let buckets: [Bucket]
}
