package import AviaryTracking

/// What is said of a run when it begins; the store draws its identifier.
package struct NewRun: Sendable {
    package var experiment: String
    /// `nil` lets the store make one from the identifier.
    package var name: String?
    package var params: [String: String]
    package var tags: [String: String]
    package var startTime: Timestamp

    package init(
        experiment: String, name: String? = nil, params: [String: String] = [:], tags: [String: String] = [:],
        startTime: Timestamp
    ) {
        self.experiment = experiment
        self.name = name
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

package struct ExperimentSummary: Sendable, Equatable {
    package let experiment: Experiment
    package let runCount: Int
}

/// The runs that changed, and the revision to ask with the next time.
package struct Changes: Sendable, Equatable {
    package let revision: Int64
    package let runs: [RunID]
}
