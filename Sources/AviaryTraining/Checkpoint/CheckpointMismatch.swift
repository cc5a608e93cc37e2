import AviaryTensors

/// How a checkpoint's tensors differ from those of the training that would go on from it.
///
/// Keys are those of the file: `model.` and `best.` before the path of a parameter or buffer, `average.` before that of
/// a parameter, `optimizer.` before what the rule keeps and the number of the parameter.
public struct CheckpointMismatch: Error, Equatable, CustomStringConvertible, Sendable {
    /// What the training needs and the file has not, as `model.head.weight (f32 [10, 64])`.
    public let missing: [String]
    /// What the file has and the training does not know, likewise.
    public let unexpected: [String]
    /// What both have, as `model.head.weight is f32 [10, 32], wanted f32 [10, 64]`.
    public let unlike: [String]

    /// Compares; `nil` where all fits.
    init?(_ given: [String: Tensor], wanted: [String: Tensor]) {
        func kind(_ tensor: Tensor) -> String { "\(tensor.dtype) \(tensor.shape)" }
        func list(_ tensors: [String: Tensor], without others: [String: Tensor]) -> [String] {
            tensors.filter { others[$0.key] == nil }.map { "\($0.key) (\(kind($0.value)))" }.sorted()
        }
        missing = list(wanted, without: given)
        unexpected = list(given, without: wanted)
        unlike = wanted.keys.sorted().compactMap { key in
            guard let wanted = wanted[key], let given = given[key], kind(wanted) != kind(given) else {
                return nil
            }
            return "\(key) is \(kind(given)), wanted \(kind(wanted))"
        }
        if missing.isEmpty, unexpected.isEmpty, unlike.isEmpty { return nil }
    }

    /// Every key, with both shapes where they differ.
    public var description: String {
        [("missing", missing), ("unexpected", unexpected), ("of another shape or kind", unlike)]
            .filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1.joined(separator: ", "))" }
            .joined(separator: "; ")
    }
}
