public import AviaryAutograd
public import AviaryTensors

/// A part of a model: a struct whose stored properties are its parts.
///
/// The path of a parameter is the labels on the way to it, joined by dots; `stateKeys` gives the name that
/// PyTorch uses where Swift's label differs.
public protocol Module: Sendable {
    /// The names of stored properties in a state dictionary, by their Swift labels.
    static var stateKeys: [String: String] { get }
}

extension Module {
    /// No name differs.
    public static var stateKeys: [String: String] { [:] }
}

/// A module that turns one variable into another.
public protocol Layer: Module {
    /// The output for `x`.
    func callAsFunction(_ x: Variable) -> Variable
}

/// A named tensor of a model: a parameter or a buffer.
public struct StateEntry: Sendable {
    /// What holds it.
    public enum Holder: Sendable {
        case parameter(Parameter)
        case buffer(Buffer)
    }

    /// Its path, as `stages.0.1.conv1.weight`.
    public let key: String
    /// The parameter or buffer.
    public let holder: Holder

    /// Its numbers now.
    public var value: Tensor {
        switch holder {
        case .parameter(let parameter): parameter.value
        case .buffer(let buffer): buffer.value
        }
    }
}

extension Module {
    /// All parameters and buffers with their paths, in the order of the stored properties.
    ///
    /// A parameter that is reached twice has both names. Stops the program at a property that cannot be walked.
    public var state: [StateEntry] {
        var entries: [StateEntry] = []
        walk(self, path: [], into: &entries)
        return entries
    }

    /// The parameters in the order of `state`, each once.
    public var parameters: [Parameter] {
        var seen = Set<ObjectIdentifier>()
        return state.compactMap { entry in
            guard case .parameter(let parameter) = entry.holder,
                seen.insert(ObjectIdentifier(parameter)).inserted
            else { return nil }
            return parameter
        }
    }

    /// How many numbers training changes.
    public var parameterCount: Int {
        parameters.reduce(0) { $0 + $1.value.count }
    }
}

private func walk(_ value: Any, path: [String], into entries: inout [StateEntry]) {
    switch value {
    case let parameter as Parameter:
        entries.append(StateEntry(key: path.joined(separator: "."), holder: .parameter(parameter)))
    case let buffer as Buffer:
        entries.append(StateEntry(key: path.joined(separator: "."), holder: .buffer(buffer)))
    case let module as any Module:
        let keys = type(of: module).stateKeys
        for child in Mirror(reflecting: module).children {
            guard let label = child.label else { continue }
            let key = keys[label] ?? label
            walk(child.value, path: key.isEmpty ? path : path + [key], into: &entries)
        }
    case let modules as [Any]:
        for (index, module) in modules.enumerated() {
            walk(module, path: path + [String(index)], into: &entries)
        }
    default:
        walkRest(value, path, &entries)
    }
}

/// Optionals are looked into, settings passed over; what might hide parameters is refused.
private func walkRest(_ value: Any, _ path: [String], _ entries: inout [StateEntry]) {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
        if let wrapped = mirror.children.first { walk(wrapped.value, path: path, into: &entries) }
    case .dictionary, .set, .class, .tuple:
        fatalError(
            "\(path.joined(separator: ".")): a \(type(of: value)) cannot be walked for parameters; "
                + "use properties, arrays or optionals of modules")
    default:
        return  // a number, a flag, an enum of settings
    }
}
