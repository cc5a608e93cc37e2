package import AviaryLayers
import AviaryModels
package import AviaryRecipes
import AviaryTensors

extension ModelRecipe {
    /// The model that the recipe describes, drawn from the run's seed; throws where it takes no images of this extent.
    package func model(
        channels: Int, height: Int, width: Int, classes: Int, seed: UInt64
    ) throws(ZooError) -> any Layer {
        try requireFit(height: height, width: width)
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
        case .patchEncoder(let encoder):
            return PatchEncoder(
                channels: channels, height: height, width: width, patch: encoder.patch, size: encoder.size,
                classes: classes, dropout: encoder.dropout, random: &random)
        }
    }

    /// Throws where the model takes no images of this extent.
    func requireFit(height: Int, width: Int) throws(ZooError) {
        guard case .patchEncoder(let encoder) = self else { return }
        guard height.isMultiple(of: encoder.patch), width.isMultiple(of: encoder.patch) else {
            throw .noWholePatches(patch: encoder.patch, height: height, width: width)
        }
    }
}

extension PatchEncoderRecipe {
    fileprivate var size: PatchEncoder.Size {
        PatchEncoder.Size(layers: layers, width: width, heads: heads, hidden: hidden)
    }
}
