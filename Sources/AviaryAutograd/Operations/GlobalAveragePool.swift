import AviaryTensors

/// The mean of each channel: `[N, C, H, W]` to `[N, C]`.
public func globalAveragePool(_ x: Variable) -> Variable {
    x.pass.arithmetic("global average pooling", on: [x], native: [.bf16]) { inputs in
        let (means, trace) = inputs[0].tensor.globalAveragePooled
        return x.pass.record(means, from: inputs) { [$0.globalAveragePoolingGradient(trace)] }
    }
}
