import AviaryTensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension Variable {
    /// Each element to a whole power.
    public func power(_ exponent: Int) -> Variable {
        arithmetic("power") { x in
            let source = x.tensor
            let result = source.raised(to: exponent)
            return x.pass.record(result, from: [x]) { upstream in
                guard exponent != 0 else { return [upstream.scaled(by: 0)] }
                let slope = source.raised(to: exponent - 1).scaled(by: Double(exponent))
                return [upstream.multiplying(slope)]
            }
        }
    }
}

extension Tensor {
    fileprivate func raised(to exponent: Int) -> Tensor {
        mapped("power", { powf($0, Float(exponent)) }, { pow($0, Double(exponent)) })
    }
}
