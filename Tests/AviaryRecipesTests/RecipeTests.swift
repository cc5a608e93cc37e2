import AviaryRecipes
import Testing

struct RecipeTests {
    @Test func `the zoo's recipes are what they say`() throws {
        #expect(
            Recipe.names == [
                "mlp-fashion-mnist", "patch-encoder-fashion-mnist", "resnet20-fashion-mnist",
                "resnet8-fashion-mnist",
            ])
        for name in Recipe.names { #expect(try Recipe.load(name).name == name) }
        #expect(try Recipe.load("resnet20-fashion-mnist").model == .resnet(depth: 20, shortcut: .identityPad))
        #expect(try Recipe.load("patch-encoder-fashion-mnist").model == .patchEncoder(bertTiny))
    }

    @Test(arguments: Recipe.names)
    func `a resolved recipe reads back as itself`(name: String) throws {
        let settings = [
            "training.clip-norm=1.5", "training.threads=2", "training.warm-up-share=0.25",
            "data.folder=\"a: \\\"b\\\" #\"", "summary=\"é \\\\ \\t\\e\\x7F\\L\"",
        ]
        let recipe = try Recipe.load(name, settings: settings)
        #expect(try Recipe.parse(recipe.resolvedYAML, named: "resolved") == recipe)
    }

    private let bertTiny = PatchEncoderRecipe(
        patch: 4, layers: 2, width: 128, heads: 2, hidden: 512, dropout: 0.1)

    @Test func `an encoder whose size is left out is BERT-tiny's, and the rest follows its width`() throws {
        func encoder(_ settings: [String]) throws -> ModelRecipe {
            try Recipe.load(
                "mlp-fashion-mnist",
                settings: ["model=null", "model.family=patch-encoder"] + settings.map { "model." + $0 }
            ).model
        }
        #expect(try encoder([]) == .patchEncoder(bertTiny))
        var wide = bertTiny
        (wide.width, wide.heads, wide.hidden) = (256, 4, 1024)
        #expect(try encoder(["width=256"]) == .patchEncoder(wide))
        (wide.width, wide.heads, wide.hidden) = (96, 1, 384)
        #expect(try encoder(["width=96"]) == .patchEncoder(wide))
        wide = PatchEncoderRecipe(patch: 7, layers: 3, width: 10, heads: 5, hidden: 6, dropout: 0)
        let all = ["patch=7", "layers=3", "width=10", "heads=5", "hidden=6", "dropout=0"]
        #expect(try encoder(all) == .patchEncoder(wide))
    }

    @Test func `a setting replaces one value`() throws {
        let recipe = try Recipe.load("mlp-fashion-mnist", settings: ["training.epochs=3", "model.hidden=64"])
        #expect(recipe.training.epochs == 3)
        #expect(recipe.model == .mlp(hidden: 64))
        #expect(recipe.params["training.epochs"] == "3")
    }

    @Test func `what is left out has its default, and null leaves out`() throws {
        let recipe = try Recipe.load(
            "mlp-fashion-mnist", settings: ["training.clip-norm=2", "training.clip-norm=null"])
        #expect(recipe.training.clipNorm == nil)
        #expect(recipe.training.threads == nil)
        #expect(recipe.training.labelSmoothing == 0)
        #expect(recipe.training.checkpointEverySteps == 200)
        #expect(recipe.params["training.warm-up-share"] == "0.3")
        #expect(recipe.params["training.clip-norm"] == nil)
    }

    @Test(arguments: [
        ("training.epoch=1", "'training.epoch' is no key of this recipe; did you mean 'training.epochs'?"),
        ("epochs=1", "'epochs' is no key of this recipe; did you mean 'training.epochs'?"),
        (
            "model.width=1",
            "'model.width' is no key of this recipe; there are model.family, model.depth, model.shortcut"
        ),
        ("training.epochs=many", "'training.epochs' is 'many'; it takes a whole number in 1...100000"),
        ("training.epochs=1.5", "'training.epochs' is '1.5'; it takes a whole number in 1...100000"),
        ("training.epochs=\"3\"", "'training.epochs' is the text '3'; it takes a whole number in 1...100000"),
        ("training.epochs=", "'training.epochs' is empty; it takes a whole number in 1...100000"),
        ("training.epochs=0", "'training.epochs' is '0'; it takes a whole number in 1...100000"),
        ("training.epochs.x=1", "'training.epochs' is '6'; it takes one value, no keys below it"),
        ("training.threads=0", "'training.threads' is '0'; it takes a whole number in 1...1024"),
        ("training.learning-rate=-1", "'training.learning-rate' is '-1'; it takes a number in 0.0...1000.0"),
        (
            "training.learning-rate=.nan",
            "'training.learning-rate' is '.nan'; it takes a number in 0.0...1000.0"
        ),
        ("training.warm-up-share=1", "'training.warm-up-share' is '1'; it takes a number in 0.01...0.99"),
        ("model.depth=14", "'model.depth' is '14'; it takes one of 8, 20, 32, 44, 56"),
        ("model.shortcut=none", "'model.shortcut' is 'none'; it takes one of identity-pad, projection"),
        ("model.family=vit", "'model.family' is 'vit'; it takes one of mlp, resnet, patch-encoder"),
        (
            "model.family=mlp",
            "'model.depth' is no key of this recipe; there are model.family, model.hidden"
        ),
        ("data.augmentation.flip=maybe", "'data.augmentation.flip' is 'maybe'; it takes true or false"),
        (
            "training.schedule=[1]",
            "'training.schedule' is a list; it takes one of constant, cosine, step, linear, "
                + "one-cycle, polynomial, plateau"
        ),
        ("training=1", "'training' is '1'; it takes a mapping of keys to values"),
        ("epochs", "--set epochs is not of the form KEY=VALUE, as training.epochs=1"),
    ])
    func `a mistake names the key, what was given and what would fit`(setting: String, message: String) {
        let error = #expect(throws: RecipeError.self) {
            _ = try Recipe.load("resnet8-fashion-mnist", settings: [setting])
        }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        (
            "model.depth=8",
            "'model.depth' is no key of this recipe; there are model.family, model.patch, model.layers, "
                + "model.width, model.heads, model.hidden, model.dropout"
        ),
        ("model.patch=0", "'model.patch' is '0'; it takes a whole number in 1...64"),
        ("model.layers=25", "'model.layers' is '25'; it takes a whole number in 1...24"),
        ("model.width=2048", "'model.width' is '2048'; it takes a whole number in 1...1024"),
        ("model.heads=3", "'model.heads' is '3'; it takes one of 1, 2, 4, 8, 16, 32, 64, 128"),
        ("model.hidden=0", "'model.hidden' is '0'; it takes a whole number in 1...4096"),
        ("model.dropout=1", "'model.dropout' is '1'; it takes a number in 0.0...0.9"),
    ])
    func `a mistake about an encoder is told as any other`(setting: String, message: String) {
        let error = #expect(throws: RecipeError.self) {
            _ = try Recipe.load("patch-encoder-fashion-mnist", settings: [setting])
        }
        #expect(error?.description == message)
    }

    @Test(arguments: [
        ("a:\n\tb: 1", "x is not a recipe in YAML: line 2: found character that cannot start any token"),
        ("a:\n  b: 1\n c: 2", "x is not a recipe in YAML: line 3: did not find expected key"),
        ("- 1", "x is not a recipe in YAML: its top level is not a mapping"),
        ("", "x is not a recipe in YAML: its top level is not a mapping"),
        ("a: 1\nb:\n  c: 1\n  c: 2", "x gives 'c' twice in one mapping, first in line 3; keep one"),
        ("name: a", "'model.family' is missing; it takes one of mlp, resnet, patch-encoder"),
        ("model:\n  famly: mlp", "'model.famly' is no key of this recipe; did you mean 'model.family'?"),
    ])
    func `a text that is no recipe is refused`(text: String, message: String) {
        let error = #expect(throws: RecipeError.self) { _ = try Recipe.parse(text, named: "x") }
        #expect(error?.description == message)
    }

    @Test func `a key path written as one key is refused, not passed over`() throws {
        let text = try Recipe.load("mlp-fashion-mnist").resolvedYAML + "training.seed: 5\n"
        let error = #expect(throws: RecipeError.self) { _ = try Recipe.parse(text, named: "x") }
        #expect(
            error?.description
                == "'training.seed' is no key of this recipe; there are model, name, summary, data, training"
        )
    }

    @Test(arguments: [
        ("resnet9", ""), ("missing/recipe.yml", ""),
        ("resnet9-fashion-mnist", "did you mean 'resnet8-fashion-mnist'? "),
    ])
    func `an unknown name lists the known ones`(name: String, guess: String) {
        let error = #expect(throws: RecipeError.self) { _ = try Recipe.load(name) }
        #expect(
            error?.description
                == "no recipe is named '\(name)' and no file is there; \(guess)known: mlp-fashion-mnist, "
                + "patch-encoder-fashion-mnist, resnet20-fashion-mnist, resnet8-fashion-mnist")
    }
}
