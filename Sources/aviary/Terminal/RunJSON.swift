import AviaryTracking
import Foundation

extension Run {
    /// The run as `/api/v1` tells it; `Server/NativeRoutes` says the same.
    var json: [String: Any] {
        [
            "id": id.description, "name": name, "experiment": experiment, "status": status.rawValue,
            "stale": isStale, "deleted": isDeleted, "startTime": startTime.description,
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
