import AviaryRecipes
import AviaryZoo
import Testing

/// What a recipe's model takes.
struct ModelRecipeTests {
    private func model(_ settings: [String] = [], height: Int, width: Int) throws {
        let recipe = try Recipe.load("patch-encoder-fashion-mnist", settings: settings).model
        _ = try recipe.model(channels: 1, height: height, width: width, classes: 10, seed: 0)
    }

    @Test(arguments: [(28, 30), (30, 28)])
    func `an encoder of patches refuses images that are no whole number of them`(height: Int, width: Int) {
        let error = #expect(throws: ZooError.self) { try model(height: height, width: width) }
        #expect(
            error?.description
                == "'model.patch' is 4, and images of \(height) rows and \(width) columns are no whole number "
                + "of such patches; it must divide both")
    }

    @Test(arguments: [(28, 28, 7), (32, 8, 8), (4, 4, 4)])
    func `and takes all others`(height: Int, width: Int, patch: Int) throws {
        try model(["model.patch=\(patch)", "model.width=8"], height: height, width: width)
    }
}
