package import AviaryLayers
import AviaryModels
package import AviaryRecipes
import AviaryTensors

extension ModelRecipe {
    /// The model that the recipe describes, drawn from the run's seed.
    package func model(channels: Int, height: Int, width: Int, classes: Int, seed: UInt64) -> any Layer {
        var random = RandomStream(seed: seed, name: "initialisation")
        switch self {
        case .mlp(let hidden):
            return MLP(inputs: channels * height * width, hidden: hidden, classes: classes, random: &random)
        case .resnet(let depth, let shortcut):
            let kind: Shortcut =
                switch shortcut {
                case .identityPad: .identityPad
                case .projection: .projection
                }
            return SmallImageResNet(
                depth: depth, channels: channels, classes: classes, shortcut: kind, random: &random)
        }
    }
}
