import AviaryTensors

/// The positive part: `max(0, x)`.
public func relu(_ x: Variable) -> Variable {
    x.arithmetic("relu") { x in
        let output = x.tensor.relu
        return x.pass.record(output, from: [x]) { upstream in
            [output.maskingGradient(upstream)]
        }
    }
}
