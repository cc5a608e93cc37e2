/// Why a run's file was not taken.
package enum ArtifactError: Error, Equatable, CustomStringConvertible {
    /// The path breaks a rule.
    case refusedPath(String, rule: String)
    /// The disk is full.
    case full(path: String)
    /// A system call failed.
    case unusable(path: String, detail: String)

    package var description: String {
        switch self {
        case .refusedPath(let path, let rule):
            "artifact path '\(path)' \(rule)"
        case .full(let path):
            "no space left on the disk that holds \(path)"
        case .unusable(let path, let detail):
            "cannot write \(path): \(detail)"
        }
    }
}
