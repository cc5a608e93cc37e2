package import AviarySearchGrammar
package import AviaryTracking

/// Which things are meant: those that are there, those in the trash, or both.
package enum Lifecycle: Sendable {
    case active
    case deleted
    case any
}

/// Asks for the runs that fit a filter, in an order.
package struct RunQuestion: Sendable {
    /// Those of any other experiment do not fit, and an experiment that is not there has none; `nil` is all.
    package var experiments: [Int64]?
    package var lifecycle: Lifecycle
    package var filter: SearchTree<RunTest>
    /// After these the latest start comes first, then the least identifier.
    package var order: [SearchOrder<RunField>]
    package var limit: Int
    /// How many of the first are passed over.
    package var offset: Int

    package init(
        experiments: [Int64]?, lifecycle: Lifecycle = .active, filter: SearchTree<RunTest> = .everything,
        order: [SearchOrder<RunField>] = [], limit: Int, offset: Int = 0
    ) {
        (self.experiments, self.lifecycle, self.filter) = (experiments, lifecycle, filter)
        (self.order, self.limit, self.offset) = (order, limit, offset)
    }
}

/// Asks for the experiments that fit a filter, in an order.
package struct ExperimentQuestion: Sendable {
    package var lifecycle: Lifecycle
    package var filter: SearchTree<ExperimentTest>
    /// None is the latest made first, then the least number.
    ///
    /// After others the greatest number comes first.
    package var order: [SearchOrder<ExperimentField>]
    package var limit: Int
    /// How many of the first are passed over.
    package var offset: Int

    package init(
        lifecycle: Lifecycle = .active, filter: SearchTree<ExperimentTest> = .everything,
        order: [SearchOrder<ExperimentField>] = [], limit: Int, offset: Int = 0
    ) {
        (self.lifecycle, self.filter, self.order) = (lifecycle, filter, order)
        (self.limit, self.offset) = (limit, offset)
    }
}

/// One page of what was found.
package struct Found<Thing: Sendable>: Sendable {
    package let things: [Thing]
    /// Whether more follow.
    package let hasMore: Bool
}

/// A run with all that is noted of it.
package struct LinkedRun: Sendable, Equatable {
    package let run: Run
    package let links: RunLinks

    package init(run: Run, links: RunLinks = RunLinks()) {
        (self.run, self.links) = (run, links)
    }
}
