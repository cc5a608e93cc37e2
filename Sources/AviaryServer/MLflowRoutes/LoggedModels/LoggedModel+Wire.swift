import AviaryTracking
import AviaryTrackingStore

extension LoggedModel {
    /// The model without what was measured of it.
    var wireUnmeasured: WireObject {
        let data: WireObject = ["params": .pairs(params)]
        return ["info": wireInfo.json, "data": data.json]
    }

    var wireInfo: WireObject {
        [
            "model_id": .text(id),
            "experiment_id": .text(String(experimentID)),
            "name": .text(name),
            "creation_timestamp_ms": .integer(createdAt.milliseconds),
            "last_updated_timestamp_ms": .integer(updatedAt.milliseconds),
            "artifact_uri": .text(artifactLocation),
            "status": .text(status.wireName),
            "model_type": .text(type),
            "source_run_id": .text(sourceRun),
            "tags": .pairs(tags),
        ]
    }
}

extension LoggedModelPoint {
    func wire(ofModel model: String) -> WireObject {
        var wire = point.wire
        if !datasetName.isEmpty { wire.set("dataset_name", .text(datasetName)) }
        if !datasetDigest.isEmpty { wire.set("dataset_digest", .text(datasetDigest)) }
        wire.set("model_id", .text(model))
        wire.set("run_id", .text(run.description))
        return wire
    }
}
