import AviaryFiles
import AviaryZooFiles
import Foundation

extension Recipe {
    /// The names of the recipes inside the program.
    package static var names: [String] {
        embedded.keys.sorted()
    }

    private static var embedded: [String: String] {
        var recipes: [String: String] = [:]
        for index in 0..<aviary_zoo_file_count() {
            let file = aviary_zoo_file(index).pointee
            let path = String(cString: file.path)
            guard path.hasPrefix("recipes/"), path.hasSuffix(".yml") else { continue }
            let bytes = UnsafeBufferPointer(start: file.bytes, count: Int(file.count))
            recipes[String(path.dropFirst(8).dropLast(4))] = String(decoding: bytes, as: UTF8.self)
        }
        return recipes
    }

    /// The recipe of that name, or else in that file, with `a.b=c` settings laid over it.
    package static func load(_ nameOrFile: String, settings: [String] = []) throws(RecipeError) -> Recipe {
        if let text = embedded[nameOrFile] { return try parse(text, named: nameOrFile, settings: settings) }
        guard FileManager.default.fileExists(atPath: nameOrFile) else {
            throw .unknownRecipe(nameOrFile, known: names)
        }
        let bytes: [UInt8]
        do {
            bytes = try WholeFile.read(nameOrFile)
        } catch {
            throw .unreadable(file: nameOrFile, problem: error.reason)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(file: nameOrFile, problem: "it is not UTF-8 text")
        }
        return try parse(text, named: nameOrFile, settings: settings)
    }

    /// Reads a recipe's text; `source` stands in the messages.
    package static func parse(
        _ text: String, named source: String, settings: [String] = []
    ) throws(RecipeError) -> Recipe {
        let reader = try RecipeReader(text, named: source, settings: settings)
        let family = try reader.choice("model.family", ModelRecipe.Family.self)
        let recipe = Recipe(
            name: try reader.text("name") ?? source, summary: try reader.text("summary") ?? "",
            data: try DataRecipe(reader), model: try ModelRecipe(family, reader),
            training: try TrainingRecipe(reader))
        try reader.refuseUnknownKeys()
        return recipe
    }
}

extension DataRecipe {
    fileprivate init(_ reader: RecipeReader) throws(RecipeError) {
        dataset = try reader.choice("data.dataset", Dataset.self)
        folder = try reader.text("data.folder")
        augmentation = Augmentation(
            cropPadding: try reader.integer("data.augmentation.crop-padding", in: 0...64, default: 0),
            flip: try reader.flag("data.augmentation.flip", default: false))
    }
}

extension ModelRecipe {
    fileprivate init(_ family: Family, _ reader: RecipeReader) throws(RecipeError) {
        switch family {
        case .mlp:
            self = .mlp(hidden: try reader.integer("model.hidden", in: 1...65_536, default: 128))
        case .resnet:
            self = .resnet(
                depth: try reader.integer("model.depth", oneOf: Self.depths),
                shortcut: try reader.choice("model.shortcut", ShortcutKind.self, default: .identityPad))
        case .patchEncoder:
            self = .patchEncoder(try PatchEncoderRecipe(reader))
        }
    }
}

extension PatchEncoderRecipe {
    /// BERT-tiny's size unless given; a head for each 64 features and four times as many hidden ones, as all BERTs.
    fileprivate init(_ reader: RecipeReader) throws(RecipeError) {
        patch = try reader.integer("model.patch", in: 1...64, default: 4)
        layers = try reader.integer("model.layers", in: 1...24, default: 2)
        let width = try reader.integer("model.width", in: 1...1024, default: 128)
        self.width = width
        heads = try reader.integer(
            "model.heads", oneOf: (1...width).filter { width.isMultiple(of: $0) },
            default: width.isMultiple(of: 64) ? width / 64 : 1)
        hidden = try reader.integer("model.hidden", in: 1...4096, default: 4 * width)
        dropout = try reader.number("model.dropout", in: 0...0.9, default: 0.1)
    }
}
