import AviaryTensors

/// The softmax of each row: `[rows, classes]` to the same shape.
public func softmax(_ x: Variable) -> Variable {
    x.arithmetic("softmax") { x in
        let output = x.tensor.softmaxOfRows
        return x.pass.record(output, from: [x]) { [output.softmaxGradient(upstream: $0)] }
    }
}

/// The logarithm of the softmax of each row: `[rows, classes]` to the same shape.
public func logSoftmax(_ x: Variable) -> Variable {
    x.arithmetic("log-softmax") { x in
        let output = x.tensor.logSoftmaxOfRows
        return x.pass.record(output, from: [x]) { [output.logSoftmaxGradient(upstream: $0)] }
    }
}
