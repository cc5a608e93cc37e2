import AviaryTensors

extension Variable {
    /// Applies a function of one element that has kernels of its own; `bf16` goes through them as it is.
    ///
    /// Kept is the output or the argument: whichever the slope is sooner made of.
    func applying(_ operation: ElementOperation) -> Variable {
        pass.arithmetic(operation.name, on: [self], native: [.bf16]) { inputs in
            let source = inputs[0].tensor
            let output = source.applying(operation)
            let kept = operation.keepsOutput ? output : source
            return inputs[0].pass.record(output, from: inputs) { upstream in
                [kept.gradient(through: operation, upstream: upstream)]
            }
        }
    }
}
