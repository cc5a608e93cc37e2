extension TrainingPlan {
    /// The first setting in which this plan is not the one that `other` describes, with both values.
    ///
    /// - Returns: `nil` where the descriptions are equal.
    func difference(from other: String) -> String? {
        guard other != description else { return nil }
        let (own, old) = (Self.settings(in: description), Self.settings(in: other))
        guard !old.isEmpty else { return "its plan is damaged at '\(other)'" }
        let (ownValues, oldValues) = (Dictionary(own) { $1 }, Dictionary(old) { $1 })
        let key = (own + old).map(\.0).first { ownValues[$0] != oldValues[$0] }
        guard let key else { return "its settings are in another order" }
        let (before, now) = (oldValues[key] ?? "not set", ownValues[key] ?? "not set")
        return "its \(key) is \(before), that of the recipe \(now)"
    }

    /// The settings of a description, in its order; none where it is no description of a plan.
    private static func settings(in description: String) -> [(String, String)] {
        guard description.hasPrefix("TrainingPlan("), description.hasSuffix(")") else { return [] }
        var (parts, depth) = ([""], 0)
        for character in description.dropFirst("TrainingPlan(".count).dropLast() {
            if character == "(" || character == "[" { depth += 1 }
            if character == ")" || character == "]" { depth -= 1 }
            if character == ",", depth == 0 {
                parts.append("")
            } else {
                parts[parts.count - 1].append(character)
            }
        }
        return parts.compactMap { part in
            guard let colon = part.firstIndex(of: ":") else { return nil }
            let value = part[part.index(after: colon)...].drop { $0 == " " }
            return (String(part[..<colon].drop { $0 == " " }), String(value))
        }
    }
}
