import AviaryTracking
import Foundation

extension Run {
    /// The run as `/api/v1` tells it; `Server/NativeRoutes` says the same.
    var json: [String: Any] {
        [
            "id": id.description, "name": name, "experiment": experiment, "status": status.rawValue,
            "stale": isStale, "deleted": isDeleted, "startTime": startTime.description,
            "endTime": endTime?.description ?? NSNull(), "params": params.byText, "tags": tags.byText,
            "metrics": metrics.byText.mapValues { summary -> [String: Any] in
                [
                    "last": jsonNumber(summary.last), "step": summary.step,
                    "min": summary.minimum.map(jsonNumber) ?? NSNull(),
                    "max": summary.maximum.map(jsonNumber) ?? NSNull(),
                ]
            },
        ]
    }
}

extension Dictionary where Key == ExactKey {
    /// By texts, of which Foundation's writer keeps one where two are the same letters in other bytes.
    fileprivate var byText: [String: Value] {
        [String: Value](map { ($0.key.text, $0.value) }) { first, _ in first }
    }
}
