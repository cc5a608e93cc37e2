import AviaryTensors

/// Several variables one behind the other along an axis; all other extents are the same.
///
/// Reals of different kinds, as autocast makes them, are brought to the widest.
public func concatenate(_ parts: [Variable], axis: Int) -> Variable {
    guard let first = parts.first else { fatalError("concatenate: given were no variables") }
    let kinds = Set(parts.map(\.tensor.dtype))
    guard kinds.count > 1, kinds.allSatisfy(\.isReal) else { return joined(first, parts, axis) }
    return first.pass.arithmetic("concatenate", on: parts) { joined($0[0], $0, axis) }
}

/// Parts of one kind, of which `first` is the first.
private func joined(_ first: Variable, _ parts: [Variable], _ axis: Int) -> Variable {
    let output = Tensor.concatenated(parts.map(\.tensor), axis: axis)
    let along = first.tensor.axis(axis, "concatenate")
    let extents = parts.map { $0.shape[along] }
    let needs = parts.map(\.needsGradient)
    return first.pass.record(output, from: parts) { upstream in
        var start = 0
        return zip(extents, needs).map { extent, isNeeded in
            defer { start += extent }
            return isNeeded ? upstream.sliced(start..<start + extent, along: along) : nil
        }
    }
}
