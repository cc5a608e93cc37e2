import AviaryAutograd
import AviaryOptimizers
import AviaryTensors

extension Optimizer {
    /// An estimate of the bytes that a step moves: a gradient is read, its parameter and state are read and written.
    ///
    /// Of a gradient that is rows only those count, and the state in proportion.
    func byteTraffic(of gradients: Gradients) -> Int {
        let touched = parameters.reduce(0) { sum, parameter in
            switch gradients.gradient(by: parameter) {
            case .dense(let tensor): sum + tensor.count
            case .rows(let rows): sum + rows.values.count
            case .zeros: sum + parameter.value.count
            case nil: sum
            }
        }
        let count = parameters.reduce(0) { $0 + $1.value.count }
        let stateCount = state.values.reduce(0) { $0 + $1.count }
        let stateShare = Double(stateCount) / Double(max(1, count))
        // Four bytes a number: parameters are kept in single precision.
        return Int(4 * Double(touched) * (3 + 2 * stateShare))
    }
}
