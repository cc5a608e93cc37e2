import AviaryTracking

/// How long MLflow's texts may be, in Unicode scalars.
package enum LengthRules {
    /// Refuses what is longer; `label` is what the message calls it.
    package static func check(_ text: String, _ label: String, limit: Int) throws(MLflowError) {
        guard !text.isLonger(than: limit) else { throw .tooLong(label, limit: limit) }
    }

    /// A param's value, cut where it is too long.
    package static func paramValue(_ value: String) -> String { value.cut(to: Limits.paramValueLength) }

    /// A value of a run's tag, cut where it is too long.
    package static func runTagValue(_ value: String) -> String { value.cut(to: Limits.tagValueLength) }

    package static func experimentName(_ name: String) throws(MLflowError) {
        try check(name, "name", limit: Limits.experimentNameLength)
    }

    package static func artifactLocation(_ location: String) throws(MLflowError) {
        guard !location.isLonger(than: Limits.artifactLocationLength) else {
            throw .invalid(
                "Invalid artifact path length. The length of the artifact path cannot be greater than "
                    + "\(Limits.artifactLocationLength) characters.")
        }
    }

    package static func experimentTagValue(_ value: String) throws(MLflowError) {
        try check(value, "value", limit: Limits.experimentTagValueLength)
    }

    /// A value of a registered model's tag or of a version's.
    package static func modelTagValue(_ value: String) throws(MLflowError) {
        try check(value, "value", limit: Limits.modelTagValueLength)
    }

    package static func dataset(
        name: String, digest: String, source: String, schema: String?, profile: String?
    ) throws(MLflowError) {
        try check(name, "name", limit: Limits.datasetNameLength)
        try check(digest, "digest", limit: Limits.datasetDigestLength)
        try check(source, "source", limit: Limits.datasetSourceLength)
        if let schema { try check(schema, "schema", limit: Limits.datasetSchemaLength) }
        if let profile { try check(profile, "profile", limit: Limits.datasetProfileLength) }
    }

    /// A tag of a data set's use in a run.
    package static func inputTag(key: String, value: String) throws(MLflowError) {
        try check(key, "key", limit: Limits.inputTagKeyLength)
        try check(value, "value", limit: Limits.inputTagValueLength)
    }
}
