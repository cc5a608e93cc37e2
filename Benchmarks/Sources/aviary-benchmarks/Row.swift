import Foundation

/// One measurement, in the words of peers/torch_peer.py.
struct Row: Encodable {
    let peer = "aviary"
    let workload: String
    let variant: String
    let kind = "train"
    let median: Double
    let minimum: Double

    enum CodingKeys: String, CodingKey {
        case peer, workload, variant, kind
        case median = "median_ms"
        case minimum = "min_ms"
    }

    /// `times` are milliseconds, in order.
    init(_ workload: Workload, _ times: [Double]) {
        self.workload = workload.name
        variant = workload.variant
        (minimum, median) = (times[0], times[times.count / 2])
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

/// The milliseconds of so many steps, in order, after two that warm up.
func milliseconds(of step: () -> Void, repeats: Int) -> [Double] {
    for _ in 0..<2 { step() }
    let times = (0..<repeats).map { _ in
        let duration = ContinuousClock().measure(step)
        return Double(duration.components.seconds) * 1e3 + Double(duration.components.attoseconds) * 1e-15
    }
    return times.sorted()
}
