/// How a state that was given differs from a model's.
public struct LoadReport: Sendable, Equatable {
    /// A name that does not fit.
    public struct Mismatch: Sendable, Equatable {
        /// The key path.
        public let key: String
        /// What was given, as `f32 [10, 64]`; `nil` where nothing was.
        public let given: String?
        /// What would fit; `nil` where the model has no such name.
        public let wanted: String?
        /// Names on the other side that might be meant.
        public let near: [String]
    }

    /// Keys whose tensors were written into the model.
    public internal(set) var loaded: [String] = []
    /// Names of the model for which nothing was given.
    ///
    /// A tied parameter that was given under another of its names is not among them.
    public internal(set) var missing: [Mismatch] = []
    /// Given names that the model does not have.
    public internal(set) var unexpected: [Mismatch] = []
    /// Names of both with tensors of different shapes.
    public internal(set) var wrongShapes: [Mismatch] = []
    /// Names of both with tensors of one shape and different kinds.
    public internal(set) var wrongKinds: [Mismatch] = []
    /// Names of one tied parameter for which different numbers were given.
    public internal(set) var conflicting: [Mismatch] = []

    /// Whether everything fitted.
    public var isComplete: Bool {
        [missing, unexpected, wrongShapes, wrongKinds, conflicting].allSatisfy(\.isEmpty)
    }
}

/// A state that does not fit a model, with every key that tells them apart; nothing of it was written.
public struct StateError: Error, Equatable, CustomStringConvertible {
    /// Where the state came from.
    public let source: String
    /// All that does not fit; nothing in it is loaded.
    public let report: LoadReport

    /// One sentence with every key, what was given and what would fit.
    public var description: String {
        let groups = [
            ("missing", report.missing), ("unexpected", report.unexpected),
            ("of another shape", report.wrongShapes), ("of another kind", report.wrongKinds),
            ("given twice with different numbers", report.conflicting),
        ]
        let lists = groups.filter { !$0.1.isEmpty }.map { name, entries in
            "\(name): " + entries.map(Self.line).joined(separator: ", ")
        }
        return "\(source) does not fit the model; \(lists.joined(separator: "; "))"
    }

    private static func line(_ entry: LoadReport.Mismatch) -> String {
        let extents =
            switch (entry.given, entry.wanted) {
            case (let given?, let wanted?): " is \(given), wanted \(wanted)"
            case (let given?, nil): " is \(given)"
            case (nil, let wanted?): " wanted \(wanted)"
            case (nil, nil): ""
            }
        return entry.key + extents
            + (entry.near.isEmpty ? "" : " (near: \(entry.near.joined(separator: ", ")))")
    }
}
