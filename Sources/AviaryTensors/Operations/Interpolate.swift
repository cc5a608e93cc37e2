extension Tensor {
    /// Another extent along an axis, each element a mean of the two old ones beside its centre.
    package func interpolated(axis: Int, to count: Int) -> Tensor {
        let axis = self.axis(axis, "interpolate")
        let (outer, extent, inner) = extents(around: axis)
        let taps = interpolationTaps(from: extent, to: count, shape)
        func interpolate<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let source = plain
            return Tensor(shape: replacing(axis, by: count), of: T.self) { output in
                source.read(T.self) { values in
                    for row in 0..<outer {
                        for (position, tap) in taps.enumerated() {
                            let first = values + (row * extent + tap.first) * inner
                            let second = values + (row * extent + tap.second) * inner
                            let target = output + (row * count + position) * inner
                            let (a, b) = (T(1 - tap.weight), T(tap.weight))
                            for i in 0..<inner { target[i] = a * first[i] + b * second[i] }
                        }
                    }
                }
            }
        }
        requireReal("interpolate")
        return dtype == .f64 ? interpolate(Double.self) : interpolate(Float.self)
    }

    /// The gradient by a tensor with this `extent` along the axis whose interpolation had this gradient.
    package func interpolationGradient(axis: Int, extent: Int) -> Tensor {
        let axis = self.axis(axis, "interpolate")
        let (outer, count, inner) = extents(around: axis)
        let taps = interpolationTaps(from: extent, to: count, shape)
        let target = replacing(axis, by: extent)
        func scatter<T: TensorElement & BinaryFloatingPoint>(_ type: T.Type) -> Tensor {
            let upstream = plain
            return Tensor(shape: target, of: T.self) { output in
                output.update(repeating: 0, count: target.product)
                upstream.read(T.self) { values in
                    for row in 0..<outer {
                        for (position, tap) in taps.enumerated() {
                            let share = values + (row * count + position) * inner
                            let first = output + (row * extent + tap.first) * inner
                            let second = output + (row * extent + tap.second) * inner
                            let (a, b) = (T(1 - tap.weight), T(tap.weight))
                            for i in 0..<inner {
                                first[i] += a * share[i]
                                second[i] += b * share[i]
                            }
                        }
                    }
                }
            }
        }
        return dtype == .f64 ? scatter(Double.self) : scatter(Float.self)
    }

    private func replacing(_ axis: Int, by extent: Int) -> [Int] {
        var changed = shape
        changed[axis] = extent
        return changed
    }
}

/// Which two elements a new one lies between, and the weight of the second.
private struct InterpolationTap {
    let first: Int
    let second: Int
    let weight: Double
}

/// Centres of pixels are mapped onto each other (`align_corners` false); before the first centre it is held.
private func interpolationTaps(from extent: Int, to count: Int, _ shape: [Int]) -> [InterpolationTap] {
    guard extent > 0, count > 0 else {
        shapeMistake("interpolate", shape, "at least one element and a size of one or more")
    }
    let scale = Double(extent) / Double(count)
    return (0..<count).map { position in
        let place = max(0, (Double(position) + 0.5) * scale - 0.5)
        let first = min(Int(place), extent - 1)
        return InterpolationTap(
            first: first, second: min(first + 1, extent - 1), weight: place - Double(first))
    }
}
