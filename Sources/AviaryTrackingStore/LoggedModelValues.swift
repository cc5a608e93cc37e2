package import AviaryTracking

/// What became of a model's files; the raw value is the number that the wire has for it.
package enum LoggedModelStatus: Int64, Sendable, CaseIterable {
    case pending = 1
    case ready = 2
    case uploadFailed = 3

    /// As people read and ask for it.
    package var word: String {
        switch self {
        case .pending: "PENDING"
        case .ready: "READY"
        case .uploadFailed: "FAILED"
        }
    }
}

/// A model that a run, or somebody by hand, made: what is said of it, and where its files are.
package struct LoggedModel: Sendable, Equatable {
    /// `m-` and 32 hexadecimal digits.
    package let id: String
    package let name: String
    package let experimentID: Int64
    package let status: LoggedModelStatus
    /// As `agent`; empty where nobody said.
    package let type: String
    /// The run that made it, as it was said; empty where nobody said.
    package let sourceRun: String
    package let artifactLocation: String
    package let createdAt: Timestamp
    /// When its status or its place in the trash changed last.
    package let updatedAt: Timestamp
    package let isDeleted: Bool
    package let params: [ExactKey: String]
    package let tags: [ExactKey: String]
}

/// What is said of a logged model when it is made; the store draws its identifier.
package struct NewLoggedModel: Sendable {
    package var experiment: Int64
    /// `nil` lets the store draw one.
    package var name: String?
    package var type: String
    package var sourceRun: String
    package var params: [ExactKey: String]
    package var tags: [ExactKey: String]

    package init(
        experiment: Int64, name: String? = nil, type: String = "", sourceRun: String = "",
        params: [ExactKey: String] = [:], tags: [ExactKey: String] = [:]
    ) {
        (self.experiment, self.name, self.type, self.sourceRun) = (experiment, name, type, sourceRun)
        (self.params, self.tags) = (params, tags)
    }
}

/// A point of a run that was measured of a logged model.
package struct LoggedModelPoint: Sendable, Equatable {
    package let point: MetricPoint
    package let run: RunID
    /// Empty where nobody said.
    package let datasetName: String
    package let datasetDigest: String

    package init(_ point: MetricPoint, of run: RunID, datasetName: String = "", datasetDigest: String = "") {
        (self.point, self.run) = (point, run)
        (self.datasetName, self.datasetDigest) = (datasetName, datasetDigest)
    }
}

/// Some points of a logged model, by series in the order in which they became known, then by step.
package struct LoggedModelPointPage: Sendable, Equatable {
    package let points: [LoggedModelPoint]
    /// Asks for the points after these; `nil` if there are none.
    package let next: LoggedModelPointCursor?
}

/// The place of a point among those of its model.
package struct LoggedModelPointCursor: Sendable, Equatable {
    let series: Int64
    let point: StoredPoint
}
