import AviarySearchGrammar
import AviaryTracking

/// The statements that answer for a column: the number of a run, and its value.
struct RunColumnSource {
    /// Of all runs; the key, where there is one, is bound to it.
    let all: String
    /// Of those that changed after a revision, which is bound behind the key.
    let changed: String
    let key: String?

    private static let changedRuns = "FROM run INDEXED BY run_by_revision"

    fileprivate static func metric(_ key: String) -> RunColumnSource {
        RunColumnSource(
            all: """
                SELECT series.run, latest.bits FROM series CROSS JOIN latest ON latest.series = series.id
                WHERE series.key = ?
                """,
            changed: """
                SELECT run.id, latest.bits \(changedRuns)
                CROSS JOIN series ON series.run = run.id AND series.key = ?
                CROSS JOIN latest ON latest.series = series.id WHERE run.revision > ?
                """,
            key: key)
    }

    fileprivate static func pairs(_ table: String, _ key: String) -> RunColumnSource {
        RunColumnSource(
            all: "SELECT run, value FROM \(table) WHERE key = ?",
            changed: """
                SELECT run.id, value \(changedRuns) CROSS JOIN \(table) ON \(table).run = run.id AND key = ?
                WHERE run.revision > ?
                """,
            key: key)
    }

    /// The tag of a run's name is the name itself.
    fileprivate static func tag(_ key: String) -> RunColumnSource {
        key == TagTable.runName ? text(.name) : pairs("tag", key)
    }

    fileprivate static func text(_ text: RunText) -> RunColumnSource {
        switch text {
        case .id: ofRun("run.uuid")
        case .name: ofRun("run.name")
        case .userID: ofRun("run.user")
        case .status: ofRun("run.status")
        case .artifactURI:
            ofRun(
                "rtrim(experiment.artifact_location, '/') || '/' || run.uuid || '/artifacts'",
                joined: "CROSS JOIN experiment ON experiment.id = run.experiment")
        }
    }

    fileprivate static func ofRun(
        _ value: String, joined: String = "", condition: String = "1"
    ) -> RunColumnSource {
        RunColumnSource(
            all: "SELECT run.id, \(value) FROM run \(joined) WHERE \(condition)",
            changed:
                "SELECT run.id, \(value) \(changedRuns) \(joined) WHERE \(condition) AND run.revision > ?",
            key: nil)
    }
}

extension IntegerColumnName {
    var source: RunColumnSource {
        switch self {
        case .metric(let key): .metric(key.text)
        case .endTime: .ofRun("run.end_time", condition: "run.end_time IS NOT NULL")
        }
    }
}

extension NumberColumnName {
    var source: RunColumnSource {
        switch self {
        case .param(let key): .pairs("param", key.text)
        case .tag(let key): .tag(key.text)
        }
    }
}

extension TextColumnName {
    var source: RunColumnSource {
        switch self {
        case .param(let key): .pairs("param", key.text)
        case .tag(let key): .tag(key.text)
        case .text(let text): .text(text)
        }
    }
}
