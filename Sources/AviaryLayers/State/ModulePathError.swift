/// A path that leads to nothing in a model.
public enum ModulePathError: Error, Equatable, CustomStringConvertible {
    /// No parameter or buffer has this key or lies below it.
    case nothingThere(path: String, near: [String])
    /// No slot has this path.
    case noSlot(path: String, slots: [String])

    /// One sentence: what is wrong and what would fit.
    public var description: String {
        switch self {
        case .nothingThere(let path, let near):
            let hint = near.isEmpty ? "" : "; near: \(near.joined(separator: ", "))"
            return "the model has nothing at '\(path)'\(hint)"
        case .noSlot(let path, let slots):
            let known = slots.isEmpty ? "it has no slots" : "slots: \(slots.joined(separator: ", "))"
            return "the model has no slot at '\(path)'; \(known)"
        }
    }
}
