import AviaryTracking

/// What the store refuses at the door, in words; the schema's own checks stand behind.
///
/// Lengths are counted in code points, as MLflow's clients and SQLite's `length` count them.
enum Checks {
    static func experimentName(_ name: String) throws(TrackingError) {
        try self.name(name, of: "experiment", limit: Limits.experimentNameLength)
    }

    static func runName(_ name: String) throws(TrackingError) {
        try self.name(name, of: "run", limit: Limits.runNameLength)
    }

    static func artifactLocation(_ location: String) throws(TrackingError) {
        try self.name(location, of: "artifact location", limit: Limits.artifactLocationLength)
    }

    static func points(_ points: [MetricPoint]) throws(TrackingError) {
        guard points.count <= Limits.pointsPerBatch else {
            throw .invalid(
                field: "points",
                problem: "\(points.count) in one batch; at most \(Limits.pointsPerBatch) fit")
        }
        for key in Set(points.lazy.map { ExactKey($0.key) }) { try self.key(key.text, of: "metric") }
    }

    static func params(_ params: [ExactKey: String]) throws(TrackingError) {
        for (key, value) in params {
            try self.key(key.text, of: "param")
            try text(value, field: "param '\(key)'", limit: Limits.paramValueLength)
        }
    }

    static func tags(
        _ tags: [ExactKey: String], valueLimit: Int = Limits.tagValueLength
    ) throws(TrackingError) {
        for (key, value) in tags {
            try self.key(key.text, of: "tag")
            try text(value, field: "tag '\(key)'", limit: valueLimit)
        }
    }

    static func links(_ links: [PointLink]) throws(TrackingError) {
        guard links.count <= Limits.pointsPerBatch else {
            throw .invalid(
                field: "points",
                problem: "\(links.count) of models in one batch; at most \(Limits.pointsPerBatch) fit")
        }
        for link in links {
            try key(link.point.key, of: "metric")
            try text(link.datasetName, field: "data set name", limit: Limits.datasetNameLength)
            try text(link.datasetDigest, field: "data set digest", limit: Limits.datasetDigestLength)
        }
    }

    static func datasets(_ inputs: [DatasetInput]) throws(TrackingError) {
        for input in inputs {
            let dataset = input.dataset
            try name(dataset.name, of: "data set", limit: Limits.datasetNameLength)
            try text(dataset.digest, field: "data set digest", limit: Limits.datasetDigestLength)
            guard !dataset.digest.isEmpty else {
                throw .invalid(field: "data set digest", problem: "it is empty")
            }
            try text(dataset.sourceType, field: "data set source type", limit: Limits.datasetNameLength)
            try text(dataset.source, field: "data set source", limit: Limits.datasetSourceLength)
            try text(dataset.schema ?? "", field: "data set schema", limit: Limits.datasetSchemaLength)
            try text(dataset.profile ?? "", field: "data set profile", limit: Limits.datasetProfileLength)
            for (key, value) in input.tags {
                guard !key.text.isEmpty else {
                    throw .invalid(field: "input tag key", problem: "it is empty")
                }
                try text(key.text, field: "input tag key", limit: Limits.inputTagKeyLength)
                try text(value, field: "input tag '\(key)'", limit: Limits.inputTagValueLength)
            }
        }
    }

    static func models(_ models: [String]) throws(TrackingError) {
        for model in models { try name(model, of: "model", limit: Limits.keyLength) }
    }

    // MARK: - The registry of models

    static func registeredModelName(_ name: String) throws(TrackingError) {
        try self.name(name, of: "model", limit: Limits.registeredModelNameLength)
    }

    static func modelAlias(_ alias: String) throws(TrackingError) {
        try name(alias, of: "alias", limit: Limits.modelAliasLength)
    }

    static func modelDescription(_ description: String?) throws(TrackingError) {
        try text(description ?? "", field: "description", limit: Limits.modelDescriptionLength)
    }

    static func modelVersion(_ new: NewModelVersion) throws(TrackingError) {
        try text(new.source, field: "source", limit: Limits.modelSourceLength)
        guard !new.source.isEmpty else { throw .invalid(field: "source", problem: "it is empty") }
        try text(new.run ?? "", field: "run_id", limit: Limits.keyLength)
        try text(new.loggedModel ?? "", field: "model_id", limit: Limits.keyLength)
        try text(new.runLink ?? "", field: "run_link", limit: Limits.modelSourceLength)
        try modelDescription(new.description)
        try tags(new.tags, valueLimit: Limits.modelTagValueLength)
    }

    static func loggedModel(_ model: NewLoggedModel) throws(TrackingError) {
        if let name = model.name { try self.name(name, of: "model", limit: Limits.loggedModelNameLength) }
        try text(model.type, field: "model type", limit: Limits.loggedModelNameLength)
        try text(model.sourceRun, field: "source run", limit: Limits.keyLength)
        try loggedModelPairs(model.params, of: "param")
        try loggedModelPairs(model.tags, of: "tag")
    }

    /// Keys may be any, as with MLflow, which looks at none of them.
    static func loggedModelPairs(_ pairs: [ExactKey: String], of thing: String) throws(TrackingError) {
        for (key, value) in pairs {
            try text(key.text, field: "\(thing) key", limit: Limits.loggedModelKeyLength)
            try text(value, field: "\(thing) '\(key)'", limit: Limits.loggedModelValueLength)
        }
    }

    private static func name(_ name: String, of thing: String, limit: Int) throws(TrackingError) {
        try text(name, field: "\(thing) name", limit: limit)
        guard !name.isEmpty else { throw .invalid(field: "\(thing) name", problem: "it is empty") }
    }

    private static func key(_ key: String, of thing: String) throws(TrackingError) {
        guard !key.isEmpty else { throw .invalid(field: "\(thing) key", problem: "it is empty") }
        try text(key, field: "\(thing) key", limit: Limits.keyLength)
        guard !key.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            throw .invalid(field: "\(thing) key", problem: "it has a control character")
        }
    }

    /// SQLite's `length` and many readers end a text at its first NUL.
    static func text(_ text: String, field: String, limit: Int) throws(TrackingError) {
        // As many bytes are as many code points at most.
        guard text.utf8.count <= limit || text.unicodeScalars.count <= limit else {
            throw .invalid(
                field: field, problem: "\(text.unicodeScalars.count) characters; at most \(limit) fit")
        }
        guard !text.utf8.contains(0) else {
            throw .invalid(field: field, problem: "it has a NUL character")
        }
    }
}
