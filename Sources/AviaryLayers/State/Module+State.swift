public import AviaryAutograd
public import AviaryTensors

extension Module {
    /// All parameters and buffers with their paths, in the order of the stored properties.
    ///
    /// A parameter that is reached twice has both names. Stops the program at a property that cannot be
    /// walked.
    public var state: [StateEntry] { ModuleWalk(self).entries }

    /// All parameters and buffers by their names, each behind `prefix`.
    public func stateDictionary(prefix: String = "") -> [String: Tensor] {
        Dictionary(state.map { (prefix + $0.key, $0.value) }) { first, _ in first }
    }

    /// The parameters in the order of `state`, each once; frozen ones too.
    public var parameters: [Parameter] { parameters { _ in true } }

    /// The parameters that a condition chooses by key or holder, each once, in the order of `state`.
    ///
    /// A tied parameter is chosen by any of its names.
    public func parameters(where isChosen: (StateEntry) -> Bool) -> [Parameter] {
        var seen = Set<ObjectIdentifier>()
        return state.compactMap { entry in
            guard let parameter = entry.parameter, isChosen(entry), seen.insert(entry.identity).inserted
            else {
                return nil
            }
            return parameter
        }
    }

    /// How many numbers the parameters hold, a tied one once; frozen ones too.
    public var parameterCount: Int {
        parameters.reduce(0) { $0 + $1.value.count }
    }
}
