package import AviaryTracking

/// A set of data as a run names it: one within its experiment, by name and digest.
package struct Dataset: Sendable, Equatable {
    package let name: String
    package let digest: String
    /// How `source` is to be read, as `local`, `http`.
    package let sourceType: String
    package let source: String
    package let schema: String?
    package let profile: String?

    package init(
        name: String, digest: String, sourceType: String, source: String, schema: String? = nil,
        profile: String? = nil
    ) {
        (self.name, self.digest, self.sourceType) = (name, digest, sourceType)
        (self.source, self.schema, self.profile) = (source, schema, profile)
    }
}

/// What a run read, and what it was read for.
package struct DatasetInput: Sendable, Equatable {
    package let dataset: Dataset
    package let tags: [ExactKey: String]

    package init(_ dataset: Dataset, tags: [ExactKey: String] = [:]) {
        (self.dataset, self.tags) = (dataset, tags)
    }
}

/// That runs of an experiment read a set of data for a purpose.
package struct DatasetUse: Sendable, Equatable {
    /// The tag of an input that says what the data was read for.
    static let contextKey = "mlflow.data.context"

    package let experiment: Int64
    package let name: String
    package let digest: String
    /// As `training`; `nil` where nobody said.
    package let context: String?
}

/// A logged model that a run made, and at which of its steps.
package struct ModelOutput: Sendable, Equatable {
    package let model: String
    package let step: Int64

    package init(model: String, step: Int64) {
        (self.model, self.step) = (model, step)
    }
}

/// Of which logged model a point was measured, and on which data.
package struct PointLink: Sendable, Equatable {
    package let point: MetricPoint
    /// The logged model's identifier.
    package let model: String
    /// Empty where nobody said.
    package let datasetName: String
    package let datasetDigest: String

    package init(_ point: MetricPoint, model: String, datasetName: String = "", datasetDigest: String = "") {
        (self.point, self.model) = (point, model)
        (self.datasetName, self.datasetDigest) = (datasetName, datasetDigest)
    }
}

/// What a run read and made.
package struct RunLinks: Sendable, Equatable {
    package var datasets: [DatasetInput]
    /// Identifiers of logged models.
    package var modelInputs: [String]
    package var modelOutputs: [ModelOutput]

    package init(
        datasets: [DatasetInput] = [], modelInputs: [String] = [], modelOutputs: [ModelOutput] = []
    ) {
        (self.datasets, self.modelInputs, self.modelOutputs) = (datasets, modelInputs, modelOutputs)
    }
}
