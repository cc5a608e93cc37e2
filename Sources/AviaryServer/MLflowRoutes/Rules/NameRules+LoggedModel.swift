extension NameRules {
    private static let refusedInModels: Set<Character> = ["/", ":", ".", "%", "\"", "'"]

    /// Checks the name of a logged model, which stands in addresses of models and of files.
    package static func loggedModel(_ name: String) throws(MLflowError) {
        // By scalars: a letter's mark may stand behind one of these and be one character with it.
        guard !name.unicodeScalars.contains(where: { refusedInModels.contains(Character($0)) }) else {
            throw .invalid(
                "Invalid model name (\(name.shortened().pythonLiteral)) provided. Model name must be a non-empty string "
                    + #"and cannot contain the following characters: ('/', ':', '.', '%', '"', "'")"#)
        }
    }
}
