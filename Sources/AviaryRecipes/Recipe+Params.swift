extension Recipe {
    /// Every setting by its key path, in the order of the file: what a run records as its params.
    package var settings: [(key: String, value: String)] {
        var list = [("name", name), ("summary", summary), ("data.dataset", data.dataset.rawValue)]
        if let folder = data.folder { list.append(("data.folder", folder)) }
        list += [
            ("data.augmentation.crop-padding", "\(data.augmentation.cropPadding)"),
            ("data.augmentation.flip", "\(data.augmentation.flip)"),
        ]
        list += model.settings.map { ("model." + $0.0, $0.1) }
        return list + training.settings
    }

    /// The settings of `data`, `model` and `training`, for a run's params.
    package var params: [String: String] {
        Dictionary(uniqueKeysWithValues: settings.filter { $0.key.contains(".") }.map { ($0.key, $0.value) })
    }

    /// The whole recipe, defaults written out; reading it back gives an equal one.
    package var resolvedYAML: String {
        var lines: [String] = []
        var open: [String] = []
        for (key, value) in settings {
            let path = key.split(separator: ".").map(String.init)
            let sections = Array(path.dropLast())
            let shared = zip(open, sections).prefix { $0 == $1 }.count
            for depth in shared..<max(shared, sections.count) {
                lines.append(String(repeating: "  ", count: depth) + sections[depth] + ":")
            }
            open = sections
            let isText = key == "name" || key == "summary" || key == "data.folder"
            let written = isText ? Self.quoted(value) : value
            lines.append(
                String(repeating: "  ", count: sections.count) + path[path.count - 1] + ": " + written)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A text between double quotes, as YAML and JSON both read it.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            default: isPrintable(scalar) ? String(scalar) : escape(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }

    /// Whether YAML 1.1 (section 4.1.1) lets it stand in a text, on one line, as itself.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x20, 0x7F...0x9F, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: false
        default: true
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}

extension ModelRecipe {
    /// The settings under `model`, the family first.
    fileprivate var settings: [(String, String)] {
        switch self {
        case .mlp(let hidden): [("family", Family.mlp.rawValue), ("hidden", "\(hidden)")]
        case .resnet(let depth, let shortcut):
            [("family", Family.resnet.rawValue), ("depth", "\(depth)"), ("shortcut", shortcut.rawValue)]
        case .patchEncoder(let encoder):
            [
                ("family", Family.patchEncoder.rawValue), ("patch", "\(encoder.patch)"),
                ("layers", "\(encoder.layers)"), ("width", "\(encoder.width)"), ("heads", "\(encoder.heads)"),
                ("hidden", "\(encoder.hidden)"), ("dropout", "\(encoder.dropout)"),
            ]
        }
    }
}
