import AviaryTracking

extension Experiment {
    var wire: WireObject {
        [
            "experiment_id": .text(String(id)),
            "name": .text(name),
            "artifact_location": .text(artifactLocation),
            "lifecycle_stage": .text(isDeleted ? "deleted" : "active"),
            "last_update_time": .integer(updatedAt.milliseconds),
            "creation_time": .integer(createdAt.milliseconds),
            "tags": .pairs(tags),
            // The one that a server without workspaces has.
            "workspace": .text("default"),
        ]
    }
}

extension JSONValue {
    /// Params or tags, in the order of their keys.
    static func pairs(_ values: [ExactKey: String]) -> JSONValue {
        .array(
            values.sorted { $0.key < $1.key }.map { ["key": .text($0.key.text), "value": .text($0.value)] })
    }
}
