import AviarySearchGrammar
import AviaryTracking

// Fields that several endpoints have, read with the rules that hold everywhere.
extension WireFields {
    /// The text of an experiment's number, checked once all that must be there is.
    func experimentID() throws(MLflowError) -> Int64 {
        try Self.experimentID(try text(required: "experiment_id"))
    }

    /// The number that a text is; MLflow overlooks space around it.
    static func experimentID(_ text: String) throws(MLflowError) -> Int64 {
        let digits = text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()
        guard let id = Int64(String(digits)) else {
            throw .invalid(
                "Invalid experiment ID '\(text.shortened())'. Experiment ID must be a valid integer.")
        }
        return id
    }

    func experimentIDs() throws(MLflowError) -> [Int64] {
        var ids: [Int64] = []
        for text in try texts("experiment_ids") { ids.append(try Self.experimentID(text)) }
        return ids
    }

    /// The run that is meant, if its id can be one; what cannot be is not there.
    static func run(_ id: String) throws(MLflowError) -> RunID {
        guard let run = RunID(id) else {
            throw MLflowError(.resourceDoesNotExist, "Run with id=\(id.shortened()) not found")
        }
        return run
    }
}

extension MLflowError {
    static func search(_ error: SearchError) -> MLflowError { .invalid(error.description) }

    /// A page size that is not taken; `problem` is a sentence of MLflow, which stands behind a full stop here.
    static func pageSize(_ size: Int64, _ problem: String) -> MLflowError {
        .invalid("Invalid value \(size) for parameter 'max_results' supplied. \(problem)")
    }
}
