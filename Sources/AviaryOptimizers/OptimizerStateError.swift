import AviaryTensors

/// A state that is not one of the optimizer, with every key that tells them apart.
public struct OptimizerStateError: Error, Equatable, CustomStringConvertible {
    /// A tensor that cannot stand where it was given.
    public struct Mismatch: Sendable, Equatable {
        /// Its key.
        public let key: String
        /// What was given, as `f32 [3, 4]`.
        public let given: String
        /// What would fit.
        public let wanted: String
    }

    /// Keys that the optimizer has and the state has not.
    public let missing: [String]
    /// Keys that the state has and the optimizer has not.
    public let unexpected: [String]
    /// Keys that both have, with tensors of another shape, kind or range.
    public let mismatched: [Mismatch]

    /// Every key, with both shapes where they differ.
    public var description: String {
        var lists: [String] = []
        if !missing.isEmpty { lists.append("missing: " + missing.joined(separator: ", ")) }
        if !unexpected.isEmpty { lists.append("unexpected: " + unexpected.joined(separator: ", ")) }
        if !mismatched.isEmpty {
            let entries = mismatched.map { "\($0.key) is \($0.given), wanted \($0.wanted)" }
            lists.append("of another shape or kind: " + entries.joined(separator: ", "))
        }
        return "the state does not fit the optimizer; " + lists.joined(separator: "; ")
    }

    /// Throws unless `state` has the keys of `own`, with tensors of the same shapes and kinds.
    static func check(_ state: [String: Tensor], against own: [String: Tensor]) throws(OptimizerStateError) {
        let mismatched = own.keys.sorted().compactMap { key -> Mismatch? in
            guard let given = state[key], let wanted = own[key] else { return nil }
            guard kind(given) == kind(wanted) else {
                return Mismatch(key: key, given: kind(given), wanted: kind(wanted))
            }
            // A negative number of steps would turn the bias correction round.
            guard given.dtype == .int64, let least = given.values(as: Int64.self).min(), least < 0 else {
                return nil
            }
            return Mismatch(key: key, given: String(least), wanted: "0 or more")
        }
        let missing = own.keys.filter { state[$0] == nil }.sorted()
        let unexpected = state.keys.filter { own[$0] == nil }.sorted()
        guard missing.isEmpty, unexpected.isEmpty, mismatched.isEmpty else {
            throw OptimizerStateError(missing: missing, unexpected: unexpected, mismatched: mismatched)
        }
    }

    private static func kind(_ tensor: Tensor) -> String {
        "\(tensor.dtype.rawValue) \(tensor.shape)"
    }
}
