import AviaryTracking
import Foundation

extension Run {
    /// The run as `/api/v1` tells it; `Server/NativeRoutes` says the same.
    var json: [String: Any] {
        [
            "id": id.description, "name": name, "experiment": experiment, "status": status.rawValue,
            "stale": isStale, "startTime": startTime.description,
            "endTime": endTime?.description ?? NSNull(), "params": params, "tags": tags,
            "metrics": metrics.mapValues { summary -> [String: Any] in
                [
                    "last": jsonNumber(summary.last), "step": summary.step,
                    "min": summary.minimum.map(jsonNumber) ?? NSNull(),
                    "max": summary.maximum.map(jsonNumber) ?? NSNull(),
                ]
            },
        ]
    }
}

/// A double as JSON has it; NaN and the infinities are strings.
func jsonNumber(_ number: Double) -> Any {
    if number.isNaN { return "NaN" }
    if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
    return number
}

/// The text of a JSON value, keys in order.
func jsonText(_ value: Any) throws -> String {
    let data = try JSONSerialization.data(
        withJSONObject: value, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
    return String(decoding: data, as: UTF8.self)
}
