public import AviaryAutograd
public import AviaryTensors

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

    /// The parameter, where it is one.
    public var parameter: Parameter? {
        if case .parameter(let parameter) = holder { parameter } else { nil }
    }

    /// Whether training leaves it alone.
    public var isFrozen: Bool {
        switch holder {
        case .parameter(let parameter): parameter.isFrozen
        case .buffer(let buffer): buffer.isFrozen
        }
    }

    /// Two entries with equal identities are two names of one tensor.
    var identity: ObjectIdentifier {
        switch holder {
        case .parameter(let parameter): ObjectIdentifier(parameter)
        case .buffer(let buffer): ObjectIdentifier(buffer)
        }
    }

    /// Sets its numbers, frozen or not.
    package func write(_ value: Tensor) {
        switch holder {
        case .parameter(let parameter): parameter.value = value
        case .buffer(let buffer): buffer.value = value
        }
    }

    func setFrozen(_ isFrozen: Bool) {
        switch holder {
        case .parameter(let parameter): parameter.isFrozen = isFrozen
        case .buffer(let buffer): buffer.isFrozen = isFrozen
        }
    }
}
