import AviaryRecipes
import Testing

struct RecipeTests {
    @Test func `the zoo's recipes are what they say`() throws {
        #expect(Recipe.names == ["mlp-fashion-mnist", "resnet20-fashion-mnist", "resnet8-fashion-mnist"])
        for name in Recipe.names { #expect(try Recipe.load(name).name == name) }
        #expect(try Recipe.load("resnet20-fashion-mnist").model == .resnet(depth: 20, shortcut: .identityPad))
    }

    @Test(arguments: Recipe.names)
    func `a resolved recipe reads back as itself`(name: String) throws {
        let settings = ["training.clip-norm=1.5", "data.folder=\"a: \\\"b\\\" #\"", "summary=é \\ x"]
        let recipe = try Recipe.load(name, settings: settings)
        #expect(try Recipe.parse(recipe.resolvedYAML, named: "resolved") == recipe)
    }

    @Test func `a setting replaces one value`() throws {
        let recipe = try Recipe.load("mlp-fashion-mnist", settings: ["training.epochs=3", "model.hidden=64"])
        #expect(recipe.training.epochs == 3)
        #expect(recipe.model == .mlp(hidden: 64))
        #expect(recipe.params["training.epochs"] == "3")
    }

    @Test(arguments: [
        (
            "training.epoch=1",
            "'training.epoch' is no key of a recipe; there are training.epochs, training.batch-size"
        ),
        (
            "model.width=1",
            "'model.width' is no key of a recipe; there are model.family, model.depth, model.shortcut"
        ),
        ("training.epochs=many", "'training.epochs' is 'many'; it takes a whole number in 1...100000"),
        ("training.epochs=0", "'training.epochs' is '0'; it takes a whole number in 1...100000"),
        ("training.learning-rate=-1", "'training.learning-rate' is '-1'; it takes a number in 0.0...1000.0"),
        ("training.learning-rate=.nan", "'training.learning-rate' is '.nan'; it takes a number"),
        ("model.depth=9", "'model.depth' is '9'; it takes 6n + 2, as 8, 20, 32, 44, 56"),
        ("model.shortcut=none", "'model.shortcut' is 'none'; it takes one of identity-pad, projection"),
        ("model.family=vit", "'model.family' is 'vit'; it takes one of mlp, resnet"),
        ("data.augmentation.flip=maybe", "'data.augmentation.flip' is 'maybe'; it takes true or false"),
        (
            "training.schedule=[1]",
            "'training.schedule' is a list; it takes one of constant, cosine, one-cycle"
        ),
        ("training=1", "'training' is no key of a recipe"),
        ("epochs", "--set epochs is not of the form KEY=VALUE, as training.epochs=1"),
    ])
    func `a mistake names the key, what was given and what would fit`(setting: String, message: String) {
        let error = #expect(throws: RecipeError.self) {
            _ = try Recipe.load("resnet8-fashion-mnist", settings: [setting])
        }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }

    @Test(arguments: [
        ("a: [", "x is not a recipe in YAML:"),
        ("- 1", "x is not a recipe in YAML: its top level is not a mapping"),
        ("", "x is not a recipe in YAML: its top level is not a mapping"),
        ("name: a", "'model.family' is missing; it takes one of mlp, resnet"),
    ])
    func `a text that is no recipe is refused`(text: String, message: String) {
        let error = #expect(throws: RecipeError.self) { _ = try Recipe.parse(text, named: "x") }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }

    @Test func `an unknown name lists the known ones`() {
        let error = #expect(throws: RecipeError.self) { _ = try Recipe.load("resnet9") }
        #expect(
            error?.description
                == "no recipe is named 'resnet9' and no file is there; known: mlp-fashion-mnist, "
                + "resnet20-fashion-mnist, resnet8-fashion-mnist")
    }
}
