import AviaryKernels

extension Tensor {
    /// This parameter and its momentum after one step (`Optimizers/SGD.swift` has the rule).
    package func steppedBySGD(
        gradient: Tensor, buffer: Tensor, rate: Double, momentum: Double, weightDecay: Double,
        gradientScale: Double, isNesterov: Bool
    ) -> (Tensor, Tensor) {
        guard gradient.shape == shape else { shapeMistake("SGD step", shape, gradient.shape) }
        let step = SGDStep(
            rate: Float(rate), momentum: Float(momentum), weightDecay: Float(weightDecay),
            gradientScale: Float(gradientScale), isNesterov: isNesterov)
        let newBuffer = Storage(byteCount: 4 * count)
        let value = Tensor(shape: shape, of: Float.self) { output in
            read(Float.self) { p in
                gradient.plain.read(Float.self) { g in
                    buffer.read(Float.self) { m in
                        step.run(
                            parameter: p, gradient: g, buffer: m, newParameter: output,
                            newBuffer: newBuffer.bytes.bindMemory(to: Float.self, capacity: count),
                            count: count)
                    }
                }
            }
        }
        return (value, Tensor(shape: shape, dtype: .f32, layout: .plain, storage: newBuffer))
    }
}
