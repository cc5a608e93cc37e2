import AviaryAutograd
import AviaryLayers
import AviaryTensors

/// Weights and batches that the oracles make by the same formula: `Tests/Oracles/training_step.py` has it.
enum FormulaNumbers {
    /// `u(stream, i)`: SplitMix64 at `stream · 2³² + i`, in 0..<1 and exact in f32.
    static func uniform(_ stream: UInt64, _ index: Int) -> Double {
        var z = ((stream << 32 + UInt64(index)) &+ 1) &* 0x9E37_79B9_7F4A_7C15
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return Double((z ^ z >> 31) >> 40) / Double(1 << 24)
    }

    /// The first numbers of a stream.
    static func uniforms(_ stream: UInt64, _ count: Int) -> [Double] {
        (0..<count).map { uniform(stream, $0) }
    }

    /// Sets every parameter, each once, and gives them with their first names.
    static func fill(_ state: [StateEntry]) -> [(key: String, parameter: Parameter)] {
        var named: [(key: String, parameter: Parameter)] = []
        for entry in state {
            guard case .parameter(let parameter) = entry.holder,
                !named.contains(where: { $0.parameter === parameter })
            else { continue }
            let (k, shape) = (UInt64(named.count), parameter.value.shape)
            let fanIn = Double(shape.dropFirst().reduce(1, *))
            let isNormScale = entry.key.lowercased().contains("norm") && entry.key.hasSuffix("weight")
            let scale = shape.count > 1 ? (6 / fanIn).squareRoot() : 0.2
            let shift: Double = isNormScale && shape.count == 1 ? 1 : 0
            let values = uniforms(k, shape.reduce(1, *)).map { Float(shift + scale * (2 * $0 - 1)) }
            parameter.value = Tensor(values, shape: shape)
            named.append((entry.key, parameter))
        }
        return named
    }
}
