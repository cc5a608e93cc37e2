/// A training written down: data, model, and how it is trained.
///
/// It knows no tensor.
package struct Recipe: Sendable, Equatable {
    package var name: String
    package var summary: String
    package var data: DataRecipe
    package var model: ModelRecipe
    package var training: TrainingRecipe
}

/// Which images, and what is done to them.
package struct DataRecipe: Sendable, Equatable {
    package enum Dataset: String, Sendable, CaseIterable {
        case fashionMNIST = "fashion-mnist"
        case folder
    }

    package struct Augmentation: Sendable, Equatable {
        package var cropPadding: Int
        package var flip: Bool
    }

    package var dataset: Dataset
    package var folder: String?
    package var augmentation: Augmentation
}

/// Which model: a family and its settings.
package enum ModelRecipe: Sendable, Equatable {
    case mlp(hidden: Int)
    case resnet(depth: Int, shortcut: ShortcutKind)

    package enum Family: String, Sendable, CaseIterable {
        case mlp
        case resnet
    }

    package enum ShortcutKind: String, Sendable, CaseIterable {
        case identityPad = "identity-pad"
        case projection
    }
}

/// How it is trained.
package struct TrainingRecipe: Sendable, Equatable {
    package enum ScheduleKind: String, Sendable, CaseIterable {
        case constant
        case cosine
        case oneCycle = "one-cycle"
    }

    package struct Optimizer: Sendable, Equatable {
        package var momentum: Double
        package var weightDecay: Double
        package var nesterov: Bool
    }

    package var epochs: Int
    package var batchSize: Int
    package var seed: Int
    package var learningRate: Double
    package var schedule: ScheduleKind
    package var optimizer: Optimizer
    package var labelSmoothing: Double
    package var clipNorm: Double?
    package var checkpointEverySteps: Int
}
