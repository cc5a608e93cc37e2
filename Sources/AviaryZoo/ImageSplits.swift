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
            // Every tenth picture validates, the next one tests: the classes stand in order, so all are met.
            func part(_ wanted: (Int) -> Bool) -> LabelledImages {
                images.subset(at: (0..<images.count).filter { wanted($0 % 10) })
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

    package var description: String {
        switch self {
        case .noFolder:
            "data.dataset is 'folder' but no folder is named; give --data FOLDER or --set data.folder=FOLDER"
        case .notAModel(let file, let problem): "\(file) cannot be used as a model of the zoo: \(problem)"
        }
    }
}
