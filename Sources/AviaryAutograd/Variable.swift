public import AviaryTensors

/// A tensor on its way through a pass.
public struct Variable {
    /// The pass it belongs to.
    public let pass: Pass
    let slot: Int?
    private let content: Content

    private enum Content {
        case made(Tensor)
        case pending(PendingConvolution)
    }

    init(tensor: Tensor, pass: Pass, slot: Int?) {
        (content, self.pass, self.slot) = (.made(tensor), pass, slot)
    }

    init(pending: PendingConvolution, pass: Pass) {
        (content, self.pass, slot) = (.pending(pending), pass, nil)
    }

    /// Its numbers.
    public var tensor: Tensor {
        switch content {
        case .made(let tensor): tensor
        case .pending(let convolution): convolution.tensor
        }
    }

    /// The convolution that is still to be computed, if it is one.
    var pending: PendingConvolution? {
        if case .pending(let convolution) = content { convolution } else { nil }
    }

    /// The extent along each axis.
    public var shape: [Int] { pending?.shape ?? tensor.shape }

    /// What the elements are.
    package var dtype: DType { pending?.dtype ?? tensor.dtype }

    /// Whether a gradient can reach something through it: an operation keeps its inputs only then.
    public var needsGradient: Bool { slot != nil }

    /// In which kind its gradient is kept: another than its own where a policy has rounded it on its way in.
    var gradientKind: DType { slot.flatMap { pass.tape?.kind(of: $0) } ?? dtype }

    /// The same numbers without a way back.
    public var detached: Variable { Variable(tensor: tensor, pass: pass, slot: nil) }

    /// Whether this and the other are one variable: the same numbers with the same way back.
    package func isSame(as other: Variable) -> Bool {
        pass === other.pass && slot == other.slot && tensor.isSame(as: other.tensor)
    }

    /// A constant beside this variable; one that whole numbers of its kind do not hold stops the program.
    package func constant(_ number: Double) -> Variable {
        guard dtype.isReal else {
            let whole = Tensor.filled([], with: number, dtype: dtype)
            guard Int64(exactly: number) != nil, whole.scalar == number else {
                fatalError("a number beside \(dtype): takes one that it holds, given was \(number)")
            }
            return Variable(tensor: whole, pass: pass, slot: nil)
        }
        let tensor = self.tensor.dtype == .f64 ? Tensor(number) : Tensor(Float(number))
        return Variable(tensor: tensor, pass: pass, slot: nil)
    }

    /// The gradients of this scalar by every parameter and every input that needs one.
    ///
    /// Consumes the pass's tape.
    public func backward() -> Gradients {
        guard tensor.count == 1 else {
            shapeMistake("backward", shape, "a scalar; give a gradient for others")
        }
        return backward(from: .filled(shape, with: 1, dtype: tensor.dtype))
    }

    /// The gradients of `Σ gradient · self`.
    public func backward(from gradient: Tensor) -> Gradients {
        guard gradient.shape == shape else { shapeMistake("backward", shape, gradient.shape) }
        guard gradient.dtype == tensor.dtype else {
            dtypeMistake("backward from \(tensor.dtype)", gradient.dtype, supported: [tensor.dtype])
        }
        return pass.backward(from: self, gradient: gradient)
    }
}
