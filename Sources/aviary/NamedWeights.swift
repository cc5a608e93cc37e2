import AviaryCatalogue

/// The verified weights of a model of the zoo, or the file itself where one is named.
func weightsFile(_ model: String) throws -> String {
    if model.contains("/") || model.hasSuffix(".safetensors") { return model }
    let entry = try Catalogue.embedded().entry(named: model)
    return try WeightFiles.standard().verify(entry)
}
