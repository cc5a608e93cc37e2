import AviaryTensors

/// Several variables of one shape side by side along a new axis; kinds as in `concatenate`.
///
/// - Returns: One axis more, with an extent of `parts.count`; a negative `axis` counts from the result's back.
public func stack(_ parts: [Variable], axis: Int = 0) -> Variable {
    guard let first = parts.first else { fatalError("stack: given were no variables") }
    for part in parts where part.shape != first.shape { shapeMistake("stack", first.shape, part.shape) }
    return concatenate(parts.map { $0.unsqueezed(axis) }, axis: axis)
}
