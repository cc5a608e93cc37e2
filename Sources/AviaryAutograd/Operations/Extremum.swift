import AviaryTensors

extension Variable {
    /// The greatest along some axes, which go away or stay with an extent of 1.
    ///
    /// Along one axis the first of equals gets the gradient, as with PyTorch's `max(dim)`; along several, equals share
    /// it evenly, as with its `amax`. Whole numbers and truth values keep their kind and have no gradient.
    public func max(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        extremum(over: axes, keepsAxes, isMaximum: true, "max")
    }

    /// The least along some axes, which go away or stay with an extent of 1.
    ///
    /// Gradients and kinds are as those of `max`.
    public func min(over axes: [Int], keepsAxes: Bool = false) -> Variable {
        extremum(over: axes, keepsAxes, isMaximum: false, "min")
    }

    private func extremum(over axes: [Int], _ keepsAxes: Bool, isMaximum: Bool, _ name: String) -> Variable {
        ReducedAxes(axes, of: tensor, keepsAxes: keepsAxes, name).requireElements(name)
        return reduced(over: axes, keepsAxes: keepsAxes, named: name) {
            $0.extremumOfRows(isMaximum: isMaximum, sharesEvenly: axes.count > 1, name)
        }
    }

    private func extremumOfRows(isMaximum: Bool, sharesEvenly: Bool, _ name: String) -> Variable {
        arithmetic(name, takes: DType.allCases) { x in
            let (source, before) = (x.tensor, x.shape)
            let (values, positions) = source.extremaOfRows(isMaximum: isMaximum, name)
            let kept = sharesEvenly ? source : nil
            return x.pass.record(values, from: [x]) { upstream in
                guard let kept else {
                    return [
                        Tensor.zeros(before, dtype: upstream.dtype).scatterAdded(
                            axis: 1, indices: positions, source: upstream.reshaped([before[0], 1]))
                    ]
                }
                return [kept.sharedExtremumGradient(extrema: values, upstream: upstream, name)]
            }
        }
    }
}
