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
        guard let id = Int64(text.stripped) else {
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

// Texts, and lists of keys with values.
extension WireFields {
    /// A text, where an empty one is none.
    func nonEmptyText(_ name: String) throws(MLflowError) -> String? {
        guard let text = try text(name), !text.isEmpty else { return nil }
        return text
    }

    /// Params or tags as they came; what is not sent of one is an empty text.
    func pairs(_ name: String) throws(MLflowError) -> [(key: String, value: String)] {
        var pairs: [(key: String, value: String)] = []
        for pair in try messages(name) {
            pairs.append((try pair.text("key") ?? "", try pair.text("value") ?? ""))
        }
        return pairs
    }

    /// The same, refused where a key stands there twice; `thing` is what one of them is.
    func distinctPairs(_ name: String, each thing: String) throws(MLflowError) -> [ExactKey: String] {
        try Self.distinct(try pairs(name), each: thing)
    }

    static func distinct(
        _ pairs: [(key: String, value: String)], each thing: String
    ) throws(MLflowError) -> [ExactKey: String] {
        var distinct: [ExactKey: String] = [:]
        for (key, value) in pairs {
            guard distinct.updateValue(value, forKey: ExactKey(key)) == nil else {
                throw MLflowError(.badRequest, "the \(thing) '\(key.shortened())' is given twice")
            }
        }
        return distinct
    }
}

extension [(key: String, value: String)] {
    /// By key; of several of one key the last counts.
    var byKey: [ExactKey: String] { Dictionary(map { (ExactKey($0.key), $0.value) }) { $1 } }
}

extension MLflowError {
    static func search(_ error: SearchError) -> MLflowError { .invalid(error.description) }

    /// A page size that is not taken; `problem` is a sentence of MLflow, which stands behind a full stop here.
    static func pageSize(_ size: Int64, _ problem: String) -> MLflowError {
        .invalid("Invalid value \(size) for parameter 'max_results' supplied. \(problem)")
    }
}
