public import AviaryCheckpoints
public import AviaryLayers
import AviaryTensors

extension Module {
    /// Sets every parameter and buffer from a file's tensors behind `prefix`; other prefixes are passed over.
    ///
    /// Nothing is changed unless all names, shapes and kinds fit.
    public func load(_ file: Safetensors, prefix: String = "", named name: String) throws(StateError) {
        let own = file.tensors.filter { $0.key.hasPrefix(prefix) }
        let named = own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
        try load(Dictionary(named) { first, _ in first }, from: name)
    }

    /// Sets every parameter and buffer that `tensors` holds behind `prefix`; they are this model's own.
    func restore(_ tensors: [String: Tensor], prefix: String = "") {
        for entry in state {
            if let tensor = tensors[prefix + entry.key] { entry.write(tensor) }
        }
    }
}
