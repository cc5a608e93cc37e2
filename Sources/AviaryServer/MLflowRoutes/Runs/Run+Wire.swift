import AviaryTracking
import AviaryTrackingStore

extension Run {
    var wireInfo: WireObject {
        var info: WireObject = [
            "run_id": .text(id.description),
            "run_uuid": .text(id.description),
            "run_name": .text(name),
            "experiment_id": .text(String(experimentID)),
            "user_id": .text(user),
            "status": .text(status.rawValue),
            "start_time": .integer(startTime.milliseconds),
        ]
        info.set("end_time", .optional(endTime?.milliseconds))
        info.set("artifact_uri", .text(artifactLocation))
        info.set("lifecycle_stage", .text(isDeleted ? "deleted" : "active"))
        return info
    }

    /// Latest values, params and tags; clients look for the run's name among the tags too.
    fileprivate var wireData: WireObject {
        let metrics = self.metrics.sorted { $0.key < $1.key }.map { key, summary in
            MetricPoint(key: key.text, value: summary.last, step: summary.step, timestamp: summary.timestamp)
                .wire
        }
        let tags = self.tags.merging(["mlflow.runName": name]) { $1 }
        return ["metrics": .list(metrics), "params": .pairs(params), "tags": .pairs(tags)]
    }
}

extension LinkedRun {
    /// The whole run.
    var wire: WireObject {
        var wire = wireNew
        let outputs = links.modelOutputs.map { output -> WireObject in
            ["model_id": .text(output.model), "step": .integer(output.step)]
        }
        wire.set("outputs", (["model_outputs": .list(outputs)] as WireObject).json)
        return wire
    }

    /// The run as it is answered when it was made: nothing is said of outputs then.
    var wireNew: WireObject {
        let inputs: WireObject = [
            "dataset_inputs": .list(links.datasets.map(\.wire)),
            "model_inputs": .list(links.modelInputs.map { ["model_id": .text($0)] as WireObject }),
        ]
        return [
            "info": run.wireInfo.json,
            "data": run.wireData.json,
            "inputs": inputs.json,
        ]
    }
}

extension DatasetInput {
    fileprivate var wire: WireObject {
        let set: WireObject = [
            "name": .text(dataset.name),
            "digest": .text(dataset.digest),
            "source_type": .text(dataset.sourceType),
            "source": .text(dataset.source),
            "schema": .optional(dataset.schema),
            "profile": .optional(dataset.profile),
        ]
        return ["tags": .pairs(tags), "dataset": set.json]
    }
}

extension MetricPoint {
    var wire: WireObject {
        [
            "key": .text(key),
            "value": .number(value),
            "timestamp": .integer(timestamp.milliseconds),
            "step": .integer(step),
        ]
    }
}
