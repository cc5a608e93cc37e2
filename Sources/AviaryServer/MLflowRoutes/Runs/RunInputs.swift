import AviaryTracking
import AviaryTrackingStore

/// What a run is said to have read.
struct RunInputs: Sendable {
    let run: String
    let datasets: [DatasetInput]
    let models: [String]

    init(fields: WireFields) throws(MLflowError) {
        run = try fields.text(required: "run_id")
        var datasets: [DatasetInput] = []
        for input in try fields.messages("datasets") { datasets.append(try DatasetInput(fields: input)) }
        var models: [String] = []
        for model in try fields.messages("models") { models.append(try model.text(required: "model_id")) }
        try NameRules.runID(run)
        self.datasets = datasets
        self.models = models
    }
}

extension DatasetInput {
    fileprivate init(fields: WireFields) throws(MLflowError) {
        var tags: [ExactKey: String] = [:]
        for tag in try fields.messages("tags") {
            let key = try Self.given(try tag.text("key"), "InputTag key")
            let value = try Self.given(try tag.text("value"), "InputTag value", orEmpty: true)
            try LengthRules.inputTag(key: key, value: value)
            tags[key] = value
        }
        guard let dataset = try fields.message("dataset") else { throw .invalid("Dataset cannot be None") }
        self.init(try Self.dataset(dataset), tags: tags)
    }

    private static func dataset(_ fields: WireFields) throws(MLflowError) -> Dataset {
        let dataset = Dataset(
            name: try given(try fields.text("name"), "Dataset name"),
            digest: try given(try fields.text("digest"), "Dataset digest"),
            sourceType: try given(try fields.text("source_type"), "Dataset source_type", orEmpty: true),
            source: try given(try fields.text("source"), "Dataset source", orEmpty: true),
            schema: try fields.text("schema"), profile: try fields.text("profile"))
        try LengthRules.dataset(
            name: dataset.name, digest: dataset.digest, source: dataset.source, schema: dataset.schema,
            profile: dataset.profile)
        return dataset
    }

    private static func given(
        _ text: String?, _ name: String, orEmpty: Bool = false
    ) throws(MLflowError) -> String {
        guard let text, orEmpty || !text.isEmpty else { throw .invalid("\(name) cannot be None") }
        return text
    }
}
