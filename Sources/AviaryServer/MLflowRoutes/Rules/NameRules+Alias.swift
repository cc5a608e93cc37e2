import AviaryTracking

extension NameRules {
    /// Checks an alias that a model version is to get.
    package static func alias(_ alias: String) throws(MLflowError) {
        try knownAlias(alias)
        guard alias.lowercased() != "latest" else {
            throw .invalid("'latest' alias name (case insensitive) is reserved.")
        }
        guard !isVersion(alias) else { throw .invalid("Version alias name '\(alias)' is reserved.") }
    }

    /// Checks an alias that is asked for or taken away, which may be a reserved one.
    package static func knownAlias(_ alias: String) throws(MLflowError) {
        guard !alias.isEmpty else { throw .invalid("Registered model alias name cannot be empty.") }
        guard alias.unicodeScalars.allSatisfy({ $0.isWord || $0 == "-" }) else {
            throw .invalid(
                "Invalid alias name: '\(alias.shortened())'. Names may only contain alphanumerics, "
                    + "underscores (_), and dashes (-).")
        }
        try LengthRules.check(alias, "Registered model alias name", limit: Limits.modelAliasLength)
    }

    /// Whether it looks as `v3` does.
    private static func isVersion(_ alias: String) -> Bool {
        let digits = alias.unicodeScalars.dropFirst()
        return alias.lowercased().hasPrefix("v") && !digits.isEmpty
            && digits.allSatisfy { $0.properties.numericType == .decimal }
    }
}
