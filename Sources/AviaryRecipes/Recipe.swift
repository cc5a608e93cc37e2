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
    case patchEncoder(PatchEncoderRecipe)

    package enum Family: String, Sendable, CaseIterable {
        case mlp
        case resnet
        case patchEncoder = "patch-encoder"
    }

    /// Of the small-image ResNet: 6n + 2 with n of 1, 3, 5, 7, 9.
    package static let depths = [8, 20, 32, 44, 56]

    package enum ShortcutKind: String, Sendable, CaseIterable {
        case identityPad = "identity-pad"
        case projection
    }
}

/// How large the patches of an encoder are, and the encoder.
package struct PatchEncoderRecipe: Sendable, Equatable {
    /// Pixels along each side.
    package var patch: Int
    package var layers: Int
    /// Features of a token.
    package var width: Int
    package var heads: Int
    /// Features between a layer's two linear ones.
    package var hidden: Int
    package var dropout: Double

    package init(patch: Int, layers: Int, width: Int, heads: Int, hidden: Int, dropout: Double) {
        (self.patch, self.layers, self.width, self.heads) = (patch, layers, width, heads)
        (self.hidden, self.dropout) = (hidden, dropout)
    }
}
