import AviaryAutograd

/// A module that holds parameters itself, as a profile names it.
package struct ParameterHolder: Sendable, Hashable {
    /// Its path; empty for the model itself.
    package let path: String
    /// The name of its type.
    package let kind: String

    package init(path: String, kind: String) {
        (self.path, self.kind) = (path, kind)
    }
}

extension Module {
    /// Which module holds each parameter, by the parameter's identity; of a tied one where it stands first.
    package var parameterHolders: [ObjectIdentifier: ParameterHolder] {
        let walk = ModuleWalk(self)
        var holders: [ObjectIdentifier: ParameterHolder] = [:]
        for (entry, owner) in zip(walk.entries, walk.owners) where holders[entry.identity] == nil {
            let part = walk.parts[owner]
            holders[entry.identity] = ParameterHolder(path: part.path, kind: part.kind)
        }
        return holders
    }
}
