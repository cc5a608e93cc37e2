package import AviarySearchGrammar
package import AviaryTracking

/// What is said of a registered model when it is made.
package struct NewRegisteredModel: Sendable {
    package var name: String
    package var description: String?
    package var tags: [ExactKey: String]

    package init(name: String, description: String? = nil, tags: [ExactKey: String] = [:]) {
        (self.name, self.description, self.tags) = (name, description, tags)
    }
}

/// What is said of a version when it is made; the store gives it a number.
package struct NewModelVersion: Sendable {
    /// The registered model's name.
    package var model: String
    package var source: String
    /// `nil` where nothing is said of a run, which leaves it to the source; empty says that there is none.
    package var run: String?
    /// The same of a logged model.
    package var loggedModel: String?
    package var runLink: String?
    package var description: String?
    package var tags: [ExactKey: String]

    package init(
        model: String, source: String, run: String? = nil, loggedModel: String? = nil,
        runLink: String? = nil, description: String? = nil, tags: [ExactKey: String] = [:]
    ) {
        (self.model, self.source, self.run, self.loggedModel) = (model, source, run, loggedModel)
        (self.runLink, self.description, self.tags) = (runLink, description, tags)
    }
}

/// Names one version.
package struct ModelVersionID: Hashable, Sendable {
    /// The registered model's name.
    package let model: String
    package let number: Int64

    package init(_ model: String, _ number: Int64) {
        (self.model, self.number) = (model, number)
    }

    var notFound: TrackingError {
        .registry(.versionNotFound(model: model, version: String(number)))
    }
}

/// Asks for the registered models that fit a filter, in an order.
///
/// Prompts are left out unless the filter asks for them (`PromptFilter`).
package struct RegisteredModelQuestion: Sendable {
    package var filter: SearchTree<RegisteredModelTest>
    /// After these by name.
    package var order: [SearchOrder<RegisteredModelField>]
    /// None is a page of nothing that says whether there is something.
    package var limit: Int
    /// How many of the first are passed over.
    package var offset: Int

    package init(
        filter: SearchTree<RegisteredModelTest> = .everything,
        order: [SearchOrder<RegisteredModelField>] = [], limit: Int, offset: Int = 0
    ) {
        (self.filter, self.order, self.limit, self.offset) = (filter, order, limit, offset)
    }
}

/// Asks for the versions that fit a filter, in an order.
///
/// Those of prompts are left out unless the filter asks for them (`PromptFilter`).
package struct ModelVersionQuestion: Sendable {
    package var filter: SearchTree<ModelVersionTest>
    /// After these by name, then the greatest number first; none is the latest change first.
    package var order: [SearchOrder<ModelVersionField>]
    package var limit: Int
    /// How many of the first are passed over.
    package var offset: Int

    package init(
        filter: SearchTree<ModelVersionTest> = .everything, order: [SearchOrder<ModelVersionField>] = [],
        limit: Int, offset: Int = 0
    ) {
        (self.filter, self.order, self.limit, self.offset) = (filter, order, limit, offset)
    }
}
