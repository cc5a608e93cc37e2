import AviaryTracking

/// What MLflow takes for a name of a metric, a param or a tag, and where else it says "names".
///
/// Names may become files, so each is also a path that stands for itself. `item` is where in a batch a name
/// stands, as `metrics[0]`.
package enum NameRules {
    package static func metric(_ name: String, in item: String? = nil) throws(MLflowError) {
        try check(name, at: Self.path(to: "name", in: item))
        try LengthRules.check(name, "Metric name", limit: Limits.keyLength)
    }

    package static func param(_ key: String, in item: String? = nil) throws(MLflowError) {
        try check(key, at: Self.path(to: "key", in: item))
        try LengthRules.check(key, "Param key", limit: Limits.keyLength)
    }

    package static func tag(_ key: String, in item: String? = nil) throws(MLflowError) {
        let path = Self.path(to: "key", in: item)
        try check(key, at: path)
        try LengthRules.check(key, path, limit: Limits.keyLength)
    }

    /// A registered model's name, or another one without a length of its own.
    package static func check(_ name: String, at path: String) throws(MLflowError) {
        guard name.unicodeScalars.allSatisfy(isAllowed) else {
            throw .invalidValue(
                .text(name), for: path,
                "Names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), "
                    + "colon(:) and slashes (/).")
        }
        guard isNormal(name), !name.hasPrefix("..") else {
            throw .invalidValue(
                .text(name), for: path,
                "Names may be treated as files in certain cases, and must not resolve to other names when "
                    + "treated as such. This name would resolve to '\(normalised(name).shortened())'")
        }
    }

    /// Checks the ids of runs where a batch or inputs are logged.
    package static func runID(_ id: String) throws(MLflowError) {
        let scalars = id.unicodeScalars
        let isFirstFitting = scalars.first.map { $0.isASCII && $0.isWord && $0 != "_" } ?? false
        guard isFirstFitting, !id.isLonger(than: 256), scalars.allSatisfy({ $0.isWord || $0 == "-" }) else {
            let value = JSONValue.text(id).messageText
            throw .invalid("Invalid value \(value) for parameter 'run_id' supplied.")
        }
    }

    /// Where a field stands, as messages say it.
    static func path(to field: String, in item: String?) -> String {
        item.map { "\($0).\(field)" } ?? field
    }

    private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "/", ".", "-", " ", ":": true
        default: scalar.isWord
        }
    }

    /// Whether no part is empty, `.` or `..`.
    private static func isNormal(_ path: String) -> Bool {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
            !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        }
    }

    /// The path without `//`, `.` and what `..` takes back, as POSIX has it; two leading slashes stay two.
    private static func normalised(_ path: String) -> String {
        let slashCount = path.prefix { $0 == "/" }.count
        let root = slashCount == 2 ? "//" : slashCount > 0 ? "/" : ""
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if root.isEmpty {
                parts.append(part)
            }
        }
        let normal = root + parts.joined(separator: "/")
        return normal.isEmpty ? "." : normal
    }
}

extension Unicode.Scalar {
    /// What Python's `\w` takes: letters, numbers of all scripts, and the underscore.
    var isWord: Bool {
        switch self {
        case "a"..."z", "A"..."Z", "0"..."9", "_": return true
        case _ where isASCII: return false
        default: break
        }
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return properties.numericType != nil
        }
    }
}
