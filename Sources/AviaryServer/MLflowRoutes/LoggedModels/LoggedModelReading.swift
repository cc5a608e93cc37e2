import AviaryArtifacts
import AviaryTracking
import AviaryTrackingStore

/// Which model an address names.
enum LoggedModelAddress {
    static let field = "logged_model"

    static func model(_ fields: WireFields) throws(MLflowError) -> String {
        try fields.text(required: field)
    }

    /// The same where the body must name it once more.
    static func repeatedModel(_ fields: WireFields) throws(MLflowError) -> String {
        let (model, repeated) = (try self.model(fields), try fields.text(required: "model_id"))
        guard model.utf8.elementsEqual(repeated.utf8) else {
            throw .invalidValue(
                .text(repeated), for: "model_id", "The address names the model '\(model.shortened())'.")
        }
        return model
    }
}

extension NewLoggedModel {
    /// An empty name is none.
    init(fields: WireFields) throws(MLflowError) {
        let experiment = try fields.text(required: "experiment_id")
        let name = try fields.nonEmptyText("name")
        let type = try fields.text("model_type") ?? ""
        let sourceRun = try fields.text("source_run_id") ?? ""
        let params = try fields.distinctPairs("params", each: "param")
        let tags = try fields.distinctPairs("tags", each: "tag")
        try NameRules.loggedModel(name ?? "")
        self.init(
            experiment: try WireFields.experimentID(experiment), name: name, type: type,
            sourceRun: sourceRun, params: params, tags: tags)
    }
}
