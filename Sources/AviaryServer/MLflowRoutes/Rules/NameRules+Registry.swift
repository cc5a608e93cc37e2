import AviaryTracking

extension NameRules {
    /// Checks the name of a registered model, whether there is one or is to be; `field` is where it stands.
    ///
    /// Names of models may have characters that other names have not, but no slash: they are parts of `models:/…`.
    package static func registeredModel(_ name: String, at field: String = "name") throws(MLflowError) {
        guard !name.allSatisfy(\.isWhitespace) else {
            throw .invalid("Missing value for required parameter '\(field)'.")
        }
        guard !name.unicodeScalars.contains(where: { $0 == "/" || $0 == ":" }) else {
            throw .invalid("Invalid model name '\(name.shortened())'. Names cannot contain '/' or ':'.")
        }
        guard name != ".", !name.hasPrefix("..") else {
            throw .invalidValue(
                .text(name), for: "name",
                "Names may be treated as files in certain cases, and must not resolve to other names when "
                    + "treated as such. This name would resolve to '\(name.shortened())'")
        }
        try LengthRules.check(name, field, limit: Limits.registeredModelNameLength)
    }
}
