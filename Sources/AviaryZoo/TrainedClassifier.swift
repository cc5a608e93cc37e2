import AviaryAutograd
package import AviaryCheckpoints
package import AviaryDatasets
package import AviaryLayers
package import AviaryRecipes
import AviaryTensors
package import AviaryTraining

/// A classifier with all that it needs to be asked: how images are prepared and what its classes are called.
///
/// That travels inside the weights file: nobody has to guess it.
package struct TrainedClassifier: Sendable {
    package let model: any Layer
    package let recipe: Recipe
    package let normalisation: ImageNormalisation
    package let classNames: [String]
    private let channels: Int
    private let height: Int
    private let width: Int

    package init(
        _ model: any Layer, recipe: Recipe, images: LabelledImages, normalisation: ImageNormalisation
    ) {
        self.model = model
        self.recipe = recipe
        self.normalisation = normalisation
        (classNames, channels, height, width) = (
            images.classNames, images.channels, images.height, images.width
        )
    }

    /// The weights file.
    package var file: Safetensors {
        Safetensors(
            tensors: model.stateDictionary(),
            metadata: [
                "recipe": recipe.resolvedYAML, "classes": classNames.joined(separator: "\n"),
                "image": "\(channels) \(height) \(width)",
                "normalisation": "\(normalisation.mean) \(normalisation.deviation)",
            ])
    }

    /// Reads a weights file and makes its model.
    package init(contentsOf path: String) throws {
        let file = try Safetensors(contentsOf: path)
        func text(_ key: String) throws -> String {
            guard let text = file.metadata[key] else {
                throw ZooError.notAModel(file: path, problem: "its metadata has no '\(key)'")
            }
            return text
        }
        recipe = try Recipe.parse(text("recipe"), named: "the recipe in \(path)")
        classNames = try text("classes").split(separator: "\n").map(String.init)
        let extents = try text("image").split(separator: " ").compactMap { Int($0) }
        let figures = try text("normalisation").split(separator: " ").compactMap { Double($0) }
        guard extents.count == 3, extents[0] == 1 || extents[0] == 3,
            extents.allSatisfy({ (1...4096).contains($0) }), extents.reduce(1, *) <= 1 << 20,
            figures.count == 2,
            figures.allSatisfy(\.isFinite), figures[1] > 0, !classNames.isEmpty
        else {
            throw ZooError.notAModel(
                file: path, problem: "its metadata 'image' or 'normalisation' is damaged")
        }
        (channels, height, width) = (extents[0], extents[1], extents[2])
        normalisation = ImageNormalisation(mean: figures[0], deviation: figures[1])
        model = try recipe.model.model(
            channels: channels, height: height, width: width, classes: classNames.count,
            seed: UInt64(recipe.training.seed))
        try model.load(file, named: path)
    }

    /// How well it does on the test images that its recipe names.
    package func evaluated(dataFolder: String? = nil) async throws -> ClassificationFigures {
        let test = try ImageSplits(recipe.data, folder: dataFolder).test
        guard test.classNames == classNames else {
            throw ZooError.otherClasses(model: classNames, images: test.classNames)
        }
        guard [test.channels, test.height, test.width] == [channels, height, width] else {
            throw ZooError.otherExtent(
                model: [channels, height, width], images: [test.channels, test.height, test.width])
        }
        return try await evaluate(model, on: test, normalisation: normalisation)
    }

    /// The classes of an image with their probabilities, the likeliest first.
    package func predict(_ image: ByteImage) -> [(className: String, probability: Double)] {
        let prepared = image.converted(toChannels: channels).resized(width: width, height: height)
        let images = LabelledImages(
            channels: channels, height: height, width: width, pixels: prepared.planes, labels: [0],
            classNames: classNames)
        let loader = ImageLoader(
            images, batchSize: 1, seed: 0, normalisation: normalisation, augmentation: .none)
        let batch = loader.batch(epoch: 0, index: 0, permutation: [0])
        let probabilities = softmax(model(Pass(.evaluation).input(batch.images))).tensor.values(
            as: Float.self)
        return zip(classNames, probabilities).map { ($0, Double($1)) }.sorted { $0.1 > $1.1 }
    }
}
