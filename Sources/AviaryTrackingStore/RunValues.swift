package import AviaryTracking

/// Which experiment a run begins in.
package enum ExperimentReference: Sendable, Equatable, ExpressibleByStringLiteral {
    /// One of this name, made if it is missing.
    case named(String)
    /// One that there is.
    case numbered(Int64)

    package init(stringLiteral name: String) {
        self = .named(name)
    }
}

/// What is said of a run when it begins; the store draws its identifier.
package struct NewRun: Sendable {
    package var experiment: ExperimentReference
    /// `nil` takes the tag `mlflow.runName`, or lets the store draw one.
    package var name: String?
    package var user: String
    package var params: [ExactKey: String]
    package var tags: [ExactKey: String]
    package var startTime: Timestamp

    package init(
        experiment: ExperimentReference, name: String? = nil, user: String = "",
        params: [ExactKey: String] = [:],
        tags: [ExactKey: String] = [:], startTime: Timestamp
    ) {
        self.experiment = experiment
        self.name = name
        self.user = user
        self.params = params
        self.tags = tags
        self.startTime = startTime
    }
}

/// Some runs, the newest first.
package struct RunPage: Sendable, Equatable {
    package let runs: [Run]
    /// Asks for the runs after these; `nil` if there are none.
    package let next: String?
}

/// What is said of an experiment when it is made; the store gives it a number.
package struct NewExperiment: Sendable {
    package var name: String
    /// Where its runs keep their files; `nil` for the store's usual place.
    package var artifactLocation: String?
    package var tags: [ExactKey: String]

    package init(name: String, artifactLocation: String? = nil, tags: [ExactKey: String] = [:]) {
        self.name = name
        self.artifactLocation = artifactLocation
        self.tags = tags
    }
}

package struct ExperimentSummary: Sendable, Equatable {
    package let experiment: Experiment
    package let runCount: Int
}
