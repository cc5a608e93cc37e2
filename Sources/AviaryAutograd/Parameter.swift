public import AviaryTensors
import Synchronization

/// Numbers that training changes.
///
/// Two layers may share one: it has identity.
///
/// During a pass parameters are only read; the trainer writes them between passes.
///
/// A frozen one takes part as a constant. Unlike PyTorch's `requires_grad`, which says nothing about running
/// statistics, freezing is one notion for parameters and buffers: a frozen batch norm stands still as a whole.
public final class Parameter: Sendable {
    private let state: Mutex<Versioned>

    /// A parameter that starts as `value`.
    public init(_ value: Tensor) {
        state = Mutex(Versioned(value: value))
    }

    /// What it is now.
    ///
    /// Setting it keeps the shape, or stops the program.
    public var value: Tensor {
        get { state.withLock { $0.value } }
        set { state.withLock { $0.replace(by: newValue) } }
    }

    /// Changes the value where it lies: `body` is given the only reference to its storage, unless a copy is kept elsewhere.
    ///
    /// Others that ask for the value wait meanwhile.
    package func change(_ body: (inout Tensor) -> Void) {
        state.withLock { $0.change(body) }
    }

    /// Changes several values together where they lie.
    ///
    /// `open` is given the number of each parameter and the only reference to its value's storage, unless a copy is
    /// kept elsewhere; `body` runs once all are open, and may write where `open` found them. Others that ask for one
    /// of the values wait until it is done.
    package static func change(
        _ parameters: [Parameter], open: (Int, inout Tensor) -> Void, body: () -> Void
    ) {
        change(parameters[...], open, body)
    }

    // Each lock is held inside the one before.
    private static func change(
        _ parameters: ArraySlice<Parameter>, _ open: (Int, inout Tensor) -> Void, _ body: () -> Void
    ) {
        guard let first = parameters.first else { return body() }
        first.change { value in
            open(parameters.startIndex, &value)
            change(parameters.dropFirst(), open, body)
        }
    }

    /// Counts the changes: what was derived from the value is good for one version.
    public var version: Int { state.withLock { $0.version } }

    /// Whether training leaves it alone: `pass.use` records nothing for it and it gets no gradient.
    ///
    /// Writing `value` stays allowed, so that weights can be loaded.
    public var isFrozen: Bool {
        get { state.withLock { $0.isFrozen } }
        set { state.withLock { $0.isFrozen = newValue } }
    }
}

/// Numbers that a layer keeps but training does not change by gradient, as running statistics.
public final class Buffer: Sendable {
    private let state: Mutex<Versioned>

    /// A buffer that starts as `value`.
    public init(_ value: Tensor) {
        state = Mutex(Versioned(value: value))
    }

    /// What it is now.
    ///
    /// Setting it keeps the shape, or stops the program.
    public var value: Tensor {
        get { state.withLock { $0.value } }
        set { state.withLock { $0.replace(by: newValue) } }
    }

    /// Whether passes leave it alone, whatever their mode: what a layer would have made of it is dropped.
    ///
    /// Writing `value` stays allowed, so that statistics can be loaded.
    public var isFrozen: Bool {
        get { state.withLock { $0.isFrozen } }
        set { state.withLock { $0.isFrozen = newValue } }
    }
}

private struct Versioned: Sendable {
    var value: Tensor
    var version = 0
    var isFrozen = false

    mutating func replace(by new: Tensor) {
        guard new.shape == value.shape else { shapeMistake("set parameter", value.shape, new.shape) }
        value = new
        version += 1
    }

    mutating func change(_ body: (inout Tensor) -> Void) {
        let shape = value.shape
        body(&value)
        guard value.shape == shape else { shapeMistake("change parameter", shape, value.shape) }
        version += 1
    }
}
