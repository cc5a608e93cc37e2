import AviaryTracking

extension Run {
    var json: JSONValue {
        [
            "id": .text(id.description),
            "name": .text(name),
            "experiment": .text(experiment),
            "status": .text(status.rawValue),
            "stale": .bool(isStale),
            "deleted": .bool(isDeleted),
            "startTime": .text(startTime.description),
            "endTime": .optional(endTime?.description),
            "params": .sorted(params) { .text($0) },
            "tags": .sorted(tags) { .text($0) },
            "metrics": .sorted(metrics) { $0.json },
        ]
    }
}

extension MetricSummary {
    var json: JSONValue {
        [
            "last": .number(last),
            "step": .integer(step),
            "min": .optional(minimum),
            "max": .optional(maximum),
        ]
    }
}
