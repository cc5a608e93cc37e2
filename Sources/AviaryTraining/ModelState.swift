import AviaryAutograd
public import AviaryCheckpoints
public import AviaryLayers
public import AviaryTensors

extension Module {
    /// All parameters and buffers by their names, each behind `prefix`.
    public func stateDictionary(prefix: String = "") -> [String: Tensor] {
        Dictionary(state.map { (prefix + $0.key, $0.value) }) { first, _ in first }
    }

    /// Sets every parameter and buffer from a file's tensors behind `prefix`; other prefixes are passed over.
    ///
    /// Nothing is changed unless all names and shapes fit.
    public func load(_ file: Safetensors, prefix: String = "", named name: String) throws(CheckpointError) {
        let entries = state
        var missing: [String] = []
        var wrongShape: [String] = []
        for entry in entries {
            guard let tensor = file.tensors[prefix + entry.key] else {
                missing.append(entry.key)
                continue
            }
            let wanted = entry.value
            if tensor.shape != wanted.shape || tensor.dtype != wanted.dtype {
                wrongShape.append(
                    "\(entry.key) is \(tensor.dtype) \(tensor.shape), wanted \(wanted.dtype) \(wanted.shape)")
            }
        }
        let known = Set(entries.map { prefix + $0.key })
        let unexpected = file.tensors.keys.filter { $0.hasPrefix(prefix) && !known.contains($0) }.sorted()
        guard missing.isEmpty, unexpected.isEmpty, wrongShape.isEmpty else {
            throw .mismatch(file: name, missing: missing, unexpected: unexpected, wrongShape: wrongShape)
        }
        restore(file.tensors, prefix: prefix)
    }

    /// Sets every parameter and buffer that `tensors` holds behind `prefix`; they are this model's own.
    func restore(_ tensors: [String: Tensor], prefix: String = "") {
        for entry in state {
            guard let tensor = tensors[prefix + entry.key] else { continue }
            switch entry.holder {
            case .parameter(let parameter): parameter.value = tensor
            case .buffer(let buffer): buffer.value = tensor
            }
        }
    }
}
