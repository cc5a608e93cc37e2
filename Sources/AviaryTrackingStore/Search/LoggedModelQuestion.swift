package import AviarySearchGrammar

/// Asks for the logged models that fit a filter, in an order; those in the trash never do.
package struct LoggedModelQuestion: Sendable {
    /// Those of any other experiment do not fit; `nil` is every experiment that is not in the trash.
    ///
    /// An experiment that is not there has none.
    package var experiments: [Int64]?
    package var filter: SearchTree<LoggedModelTest>
    /// Only points on one of these count where the filter asks for metrics.
    ///
    /// Where it asks for none, a model must have some point on one of these. None is any.
    package var datasets: [MeasuredDataset]
    /// After these the latest made comes first, then the least identifier.
    package var order: [LoggedModelOrder]
    package var limit: Int
    /// How many of the first are passed over.
    package var offset: Int

    package init(
        experiments: [Int64]?, filter: SearchTree<LoggedModelTest> = .everything,
        datasets: [MeasuredDataset] = [], order: [LoggedModelOrder] = [], limit: Int, offset: Int = 0
    ) {
        (self.experiments, self.filter, self.datasets) = (experiments, filter, datasets)
        (self.order, self.limit, self.offset) = (order, limit, offset)
    }
}

/// The data that points were measured on; what is `nil` may be any.
package struct MeasuredDataset: Sendable, Equatable {
    package let name: String?
    package let digest: String?

    package init(name: String? = nil, digest: String? = nil) {
        (self.name, self.digest) = (name, digest)
    }
}

/// One key of an order of logged models; earlier ones weigh more.
package struct LoggedModelOrder: Sendable, Equatable {
    package let field: LoggedModelField
    package let isAscending: Bool
    /// Where the field is a metric: on which data its last point is looked for.
    package let dataset: MeasuredDataset

    package init(
        _ field: LoggedModelField, isAscending: Bool = true, dataset: MeasuredDataset = MeasuredDataset()
    ) {
        (self.field, self.isAscending, self.dataset) = (field, isAscending, dataset)
    }

    /// On whichever data it was measured.
    package init(_ order: SearchOrder<LoggedModelField>) {
        self.init(order.field, isAscending: order.isAscending)
    }
}
