package import AviaryDatasets
package import AviaryRecipes

/// The three parts of a data set of images.
package struct ImageSplits: Sendable {
    package let training: LabelledImages
    package let validation: LabelledImages
    package let test: LabelledImages

    /// Reads what a recipe names; `folder` stands for the recipe's own where a user names one.
    package init(_ recipe: DataRecipe, folder: String? = nil) throws {
        let folder = folder ?? recipe.folder
        switch recipe.dataset {
        case .fashionMNIST:
            let set = try FashionMNIST(folder: folder ?? FashionMNIST.defaultFolder)
            (training, validation, test) = (set.training, set.validation, set.test)
        case .folder:
            guard let folder else { throw ZooError.noFolder }
            let images = try FolderDataset(folder: folder).images(channels: 1, height: 28, width: 28)
            // Of each class every tenth picture validates and the next one tests.
            var (places, counts) = ([Int](), [Int](repeating: 0, count: images.classNames.count))
            for label in images.labels.map(Int.init) {
                places.append(counts[label] % 10)
                counts[label] += 1
            }
            for (name, count) in zip(images.classNames, counts) where count < 3 {
                throw ZooError.tooFewPictures(folder: folder, className: name, count: count)
            }
            func part(_ wanted: (Int) -> Bool) -> LabelledImages {
                images.subset(at: places.indices.filter { wanted(places[$0]) })
            }
            training = part { $0 > 1 }
            validation = part { $0 == 0 }
            test = part { $0 == 1 }
        }
    }
}

/// What keeps a recipe from being carried out.
package enum ZooError: Error, Equatable, CustomStringConvertible {
    case noFolder
    case notAModel(file: String, problem: String)
    case tooFewPictures(folder: String, className: String, count: Int)
    case otherClasses(model: [String], images: [String])
    /// Channels, rows and columns.
    case otherExtent(model: [Int], images: [Int])
    /// All in pixels.
    case noWholePatches(patch: Int, height: Int, width: Int)

    package var description: String {
        switch self {
        case .noFolder:
            "data.dataset is 'folder' but no folder is named; give --data FOLDER or --set data.folder=FOLDER"
        case .tooFewPictures(let folder, let className, let count):
            "class '\(className)' of \(folder) has \(count) pictures; training, validation and test need at least "
                + "one each, so 3"
        case .otherClasses(let model, let images):
            "the model tells \(model.joined(separator: ", ")) apart, and the images are of "
                + images.joined(separator: ", ")
        case .otherExtent(let model, let images):
            "the model takes images of channels, rows and columns \(model), and these are \(images)"
        case .noWholePatches(let patch, let height, let width):
            "'model.patch' is \(patch), and images of \(height) rows and \(width) columns are no whole number of "
                + "such patches; it must divide both"
        case .notAModel(let file, let problem): "\(file) cannot be used as a model of the zoo: \(problem)"
        }
    }
}
