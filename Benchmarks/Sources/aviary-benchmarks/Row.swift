import Foundation

/// One measurement, in the words of peers/measurements.py.
struct Row: Encodable {
    let peer = Program.name
    let workload: String
    let variant: String
    let kind: String
    let configuration = "aviary"
    let median: Double
    let minimum: Double
    let peakMegabytes: Double

    enum CodingKeys: String, CodingKey {
        case peer, workload, variant, kind, configuration
        case median = "median_ms"
        case minimum = "min_ms"
        case peakMegabytes = "peak_mb"
    }

    /// `times` are milliseconds, in order.
    init(_ measurement: Measurement, _ times: [Double]) throws {
        workload = measurement.workload.name
        variant = measurement.name
        kind = measurement.kind
        let middle = times.count / 2
        median = times.count.isMultiple(of: 2) ? (times[middle - 1] + times[middle]) / 2 : times[middle]
        minimum = times[0]
        peakMegabytes = try Program.peakMegabytes
    }
}

/// What a check found beside the tensors in its file.
struct CheckRow: Encodable {
    let peer = Program.name
    let workload: String
    let variant: String
    let kind: String
    /// Of each step, the first before any change; none for a forward pass.
    let losses: [Double]
    /// The file of gradients and statistics, or of the output.
    let tensors: String
}

/// A measurement's name alone.
struct Listing: Encodable {
    let workload: String
    let variant: String
    let kind: String

    init(_ measurement: Measurement) {
        (workload, variant, kind) = (measurement.workload.name, measurement.name, measurement.kind)
    }
}

/// One line of JSON, at once, also into a pipe.
func show(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A training that diverged is told as it is.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
    fflush(nil)
}
