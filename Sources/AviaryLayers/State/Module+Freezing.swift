extension Module {
    /// Holds every parameter and buffer still: no gradients, and running statistics that are used and not
    /// changed.
    ///
    /// The parameters' own state wins over the pass's mode. PyTorch's `requires_grad_(False)` stops gradients
    /// only: there a batch norm in training mode goes on normalising by the batch and moving its statistics,
    /// which is why detectors freeze backbones with a norm class of its own. Dropout has no state and follows
    /// the pass here too.
    ///
    /// Parameters have identity: one that is tied to another part is frozen there as well.
    public func freeze() {
        for entry in state { entry.setFrozen(true) }
    }

    /// Lets everything learn again.
    public func unfreeze() {
        for entry in state { entry.setFrozen(false) }
    }

    /// Freezes the part whose keys are `path` or begin with it and a dot, as `stages.0` or `head.weight`.
    public func freeze(_ path: String) throws(ModulePathError) {
        for entry in try entries(under: path) { entry.setFrozen(true) }
    }

    /// Lets that part learn again.
    public func unfreeze(_ path: String) throws(ModulePathError) {
        for entry in try entries(under: path) { entry.setFrozen(false) }
    }

    private func entries(under path: String) throws(ModulePathError) -> [StateEntry] {
        let all = state
        let found = all.filter { $0.key == path || $0.key.hasPrefix(path + ".") }
        guard found.isEmpty else { return found }
        let known = Set(all.flatMap { Self.paths(to: $0.key) })
        throw .nothingThere(path: path, near: NearKeys(known).neighbours(of: path))
    }

    /// `a`, `a.b` and `a.b.c` of `a.b.c`.
    private static func paths(to key: String) -> [String] {
        let parts = key.split(separator: ".")
        return parts.indices.map { parts[...$0].joined(separator: ".") }
    }
}
