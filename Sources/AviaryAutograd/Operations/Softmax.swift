import AviaryTensors

/// The softmax of each row: `[rows, classes]` to the same shape.
public func softmax(_ x: Variable) -> Variable {
    x.arithmetic("softmax") { x in
        let output = x.tensor.softmaxOfRows
        let column = [output.shape[0], 1]
        return x.pass.record(output, from: [x]) { upstream in
            // The difference first: where a row is saturated it cancels to the last bit, and only then is scaled.
            let mean = upstream.multiplying(output).summed(to: column)
            return [upstream.subtracting(mean).multiplying(output)]
        }
    }
}

/// The logarithm of the softmax of each row: `[rows, classes]` to the same shape.
public func logSoftmax(_ x: Variable) -> Variable {
    x.arithmetic("log-softmax") { x in
        let source = x.tensor
        let column = [source.shape[0], 1]
        return x.pass.record(source.logSoftmaxOfRows, from: [x]) { upstream in
            [upstream.subtracting(source.softmaxOfRows.multiplying(upstream.summed(to: column)))]
        }
    }
}
