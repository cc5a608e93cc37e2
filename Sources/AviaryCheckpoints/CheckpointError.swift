/// Why a file of tensors cannot be used.
public enum CheckpointError: Error, Equatable, CustomStringConvertible, Sendable {
    /// The file cannot be read or written.
    case unreadable(file: String, problem: String)
    /// The file is not what the format asks for.
    case damaged(file: String, problem: String)
    /// A tensor has a kind of element that is not supported.
    case unsupported(file: String, tensor: String, dtype: String, known: String)

    /// One sentence: what is wrong, where, and what would fit.
    public var description: String {
        switch self {
        case .unreadable(let file, let problem):
            return "cannot use \(file): \(problem)"
        case .damaged(let file, let problem):
            return "\(file) is not a whole safetensors file: \(problem)"
        case .unsupported(let file, let tensor, let dtype, let known):
            return "\(file): tensor '\(tensor)' has elements of kind \(dtype); known: \(known)"
        }
    }
}
