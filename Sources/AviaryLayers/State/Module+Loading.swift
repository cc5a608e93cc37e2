public import AviaryTensors

/// What happens to a state that does not fit whole.
public enum LoadMode: Sendable {
    /// It is refused, and nothing is written.
    case strict
    /// What fits is written, and the rest reported: pretrained weights under another head.
    case report
}

extension Module {
    /// Sets parameters and buffers by their names.
    ///
    /// - Parameters:
    ///   - tensors: By key path, each of the shape and kind of what it replaces.
    ///   - mode: Whether all of it has to fit.
    ///   - converting: Whether reals of another kind are cast: a community's f16 file into a model in f32.
    ///   - source: What an error calls the place they came from.
    /// - Returns: What was loaded and, with `.report`, what was not.
    /// - Throws: With `.strict`, every name that does not fit; then nothing is written.
    ///
    /// A tied parameter may be given under one of its names, as safetensors files do. Counts of batches may be missing:
    /// PyTorch before 0.4.1 kept none, and only a batch norm that takes the mean of all batches computes from them.
    @discardableResult
    public func load(
        _ tensors: [String: Tensor], mode: LoadMode = .strict, converting: Bool = false,
        from source: String = "the state"
    ) throws(StateError) -> LoadReport {
        let comparison = StateComparison(of: state, with: tensors, converting: converting)
        if mode == .strict, !comparison.report.isComplete {
            var report = comparison.report
            report.loaded = []
            throw StateError(source: source, report: report)
        }
        for (entry, tensor) in comparison.fitting { entry.write(tensor) }
        return comparison.report
    }
}

/// A model's state beside a given one.
private struct StateComparison {
    var report = LoadReport()
    private(set) var fitting: [(entry: StateEntry, tensor: Tensor)] = []

    init(of entries: [StateEntry], with tensors: [String: Tensor], converting: Bool) {
        for entry in entries {
            compare(entry, tensors[entry.key].map { converting ? entry.converted($0) : $0 })
        }
        let given = Set(fitting.map(\.entry.identity))
        let absent = entries.filter {
            tensors[$0.key] == nil && !given.contains($0.identity) && !$0.isBatchCount
        }
        let known = Set(entries.map(\.key))
        let strange = tensors.keys.filter { !known.contains($0) }.sorted()
        let (wantedKeys, strangeKeys) = (NearKeys(absent.map(\.key)), NearKeys(strange))
        report.missing = absent.map {
            .init(
                key: $0.key, given: nil, wanted: Self.kind($0.value),
                near: strangeKeys.neighbours(of: $0.key))
        }
        report.unexpected = strange.map {
            .init(
                key: $0, given: tensors[$0].map(Self.kind), wanted: nil, near: wantedKeys.neighbours(of: $0))
        }
        report.loaded = fitting.map(\.entry.key)
    }

    private mutating func compare(_ entry: StateEntry, _ tensor: Tensor?) {
        guard let tensor else { return }
        let own = entry.value
        let mismatch = LoadReport.Mismatch(
            key: entry.key, given: Self.kind(tensor), wanted: Self.kind(own), near: [])
        if tensor.shape != own.shape {
            report.wrongShapes.append(mismatch)
        } else if tensor.dtype != own.dtype {
            report.wrongKinds.append(mismatch)
        } else if let twin = fitting.first(where: { $0.entry.identity == entry.identity }),
            !twin.tensor.hasSameNumbers(as: tensor)
        {
            report.conflicting.append(
                .init(key: entry.key, given: nil, wanted: "the numbers of \(twin.entry.key)", near: []))
        } else {
            fitting.append((entry, tensor))
        }
    }

    private static func kind(_ tensor: Tensor) -> String { "\(tensor.dtype.rawValue) \(tensor.shape)" }
}

extension StateEntry {
    fileprivate var isBatchCount: Bool { key.split(separator: ".").last == "num_batches_tracked" }

    /// A tensor of this entry's kind, where both are real.
    fileprivate func converted(_ tensor: Tensor) -> Tensor {
        let own = value.dtype
        return own.isReal && tensor.dtype.isReal ? tensor.cast(to: own) : tensor
    }
}

extension Tensor {
    /// Whether every element is equal; the shapes and kinds are.
    fileprivate func hasSameNumbers(as other: Tensor) -> Bool {
        func compare<T: TensorElement>(_ type: T.Type) -> Bool {
            zip(values(as: T.self), other.values(as: T.self)).allSatisfy { $0.number == $1.number }
        }
        return compare(dtype.element)
    }
}
