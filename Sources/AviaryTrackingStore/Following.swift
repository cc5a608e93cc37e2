package import AviaryTracking

/// The runs that changed, and the revision to ask with the next time.
package struct Changes: Sendable, Equatable {
    package let revision: Int64
    /// In the order of their last changes; `nil` where they are more than `ChangedRunsQuery.limit`.
    package let runs: [RunID]?
}

/// The points that were added to some runs since a revision.
package struct NewPoints: Sendable, Equatable {
    /// All that was added up to it is told.
    package let revision: Int64
    /// In the order of their revisions.
    package let points: [NewPoint]
    /// Runs that are to be asked anew, since points were taken from them, or more came than are told one by one, or
    /// they have too many among which the new ones are to be looked for.
    package let reset: [RunID]
}

/// A point, and the transaction that added it.
package struct NewPoint: Sendable, Equatable {
    package let run: RunID
    package let point: MetricPoint
    package let revision: Int64
}

/// What a store's answers about runs depend on: while it stays the same, so do they.
package struct StoreState: Sendable, Equatable {
    package let revision: Int64
    /// How many runs fell silent, which they do without a write.
    ///
    /// They are the ones that were heard of longest ago, so that their number says which they are.
    package let staleCount: Int
}

/// The same of one run alone.
package struct RunState: Sendable, Equatable {
    package let revision: Int64
    /// Its experiment's name is a part of it.
    package let experimentUpdatedAt: Timestamp
    package let isStale: Bool
}
