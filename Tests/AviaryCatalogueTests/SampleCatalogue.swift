import AviaryCatalogue

/// The SHA-256 of `abc`, which is the sample's weights.
let sampleDigest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

/// A catalogue of one model; a test changes what it is about.
func sampleYAML(replacing old: String = "", with new: String = "") -> String {
    let yaml = """
        models:
          - name: resnet8-fashion-mnist
            summary: ResNet-8 on grey images
            task: image-classification
            dataset: fashion-mnist
            licence: Apache-2.0
            parameters: 75002
            figures:
              test/accuracy: 0.9123
              test/loss: 0.25
            weights:
              file: resnet8.safetensors
              bytes: 3
              sha256: \(sampleDigest)
              sources:
                - /nowhere/resnet8.safetensors
            recipe: resnet8-fashion-mnist
            run: 0123456789abcdef0123456789abcdef
        """
    guard !old.isEmpty, let range = yaml.firstRange(of: old) else { return yaml }
    var changed = yaml
    changed.replaceSubrange(range, with: new)
    return changed
}

func sampleEntry(replacing old: String = "", with new: String = "") throws -> CatalogueEntry {
    try Catalogue(yaml: sampleYAML(replacing: old, with: new), origin: "sample")
        .entry(named: "resnet8-fashion-mnist")
}
