import AviaryTracking

/// The models that clients older than logged models note in a tag of their run, a JSON list.
enum ModelHistory {
    static let tag = "mlflow.log-model.history"

    /// One model, of which the list keeps what clients read there.
    struct Entry: Sendable {
        private static let required = ["artifact_path", "flavors", "utc_time_created", "run_id"]
        private static let kept = ["run_id", "artifact_path", "utc_time_created", "model_uuid", "flavors"]

        let run: String
        private let model: JSONValue

        init(fields: WireFields) throws(MLflowError) {
            run = try fields.text(required: "run_id")
            let text = try fields.text(required: "model_json")
            let json: JSONValue
            do throws(JSONError) {
                json = try JSONReader.read(Array(text.utf8))
            } catch {
                throw .invalid("Malformed model info. \n \(text.shortened()) \n is not a valid JSON.")
            }
            let missing = Self.required.filter { json[$0] == nil }
            guard missing.isEmpty else {
                let names = missing.map(\.pythonLiteral).joined(separator: ", ")
                throw .invalid("Model json is missing mandatory fields: {\(names)}")
            }
            model = .object(Self.kept.map { JSONMember(key: $0, value: json[$0] ?? .null) })
        }

        /// The list with this model behind the others.
        func added(to list: String?) throws(TrackingError) -> String {
            var models: [JSONValue] = []
            if let list {
                guard case .array(let known)? = try? JSONReader.read(Array(list.utf8)) else {
                    throw .invalid(field: "tag '\(ModelHistory.tag)'", problem: "it is no list in JSON")
                }
                models = known
            }
            var writer = JSONWriter()
            writer.write(.array(models + [model]))
            return String(decoding: writer.bytes, as: UTF8.self)
        }
    }
}
