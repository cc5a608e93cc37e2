public import AviaryAutograd
public import AviaryTensors

extension Layer {
    /// The layers with their output shapes, parameters and multiply-adds for an input of zeros, in
    /// evaluation.
    ///
    /// - Parameters:
    ///   - inputShape: With the batch: `[1, 3, 32, 32]` counts for one image.
    ///   - dtype: `int64` for a model that takes ids.
    /// - Returns: A row for each module that holds parameters or computes products.
    public func summary(inputShape: [Int], dtype: DType = .f32) -> ModelSummary {
        summary { pass in self(pass.input(.zeros(inputShape, dtype: dtype))) }
    }
}

extension Module {
    /// The summary of a model that is not called with one variable: `run` gives it what it takes, from the
    /// pass.
    ///
    /// An operation belongs to the module whose parameter it takes. A product that takes none, as the scores
    /// of attention, belongs to the innermost module that holds the parameters used before it and after it.
    public func summary(_ run: (Pass) -> Variable) -> ModelSummary {
        let tally = OperationTally()
        let output = run(Pass(tallyingInto: tally))
        var table = SummaryTable(ModuleWalk(self))
        table.add(tally.entries)
        table.setOutput(output.shape)
        return ModelSummary(rows: table.rows, outputShape: output.shape)
    }
}

/// The rows of a summary, one a part of the model, while it is filled in.
private struct SummaryTable {
    private var parts: [ModelSummary.Row]
    /// Which part holds a parameter.
    private var places: [ObjectIdentifier: Int] = [:]
    private var holders = Set<Int>()

    init(_ walk: ModuleWalk) {
        parts = walk.parts.map { ModelSummary.Row(path: $0.path, kind: $0.kind) }
        for (entry, place) in zip(walk.entries, walk.owners) {
            guard let parameter = entry.parameter else { continue }
            holders.insert(place)
            guard places.updateValue(places[entry.identity] ?? place, forKey: entry.identity) == nil else {
                continue  // a tied one: it has its row
            }
            let count = parameter.value.count
            parts[place].trainableCount += parameter.isFrozen ? 0 : count
            parts[place].frozenCount += parameter.isFrozen ? count : 0
        }
    }

    /// Parts that only hold others have nothing to say.
    var rows: [ModelSummary.Row] {
        parts.indices.filter { holders.contains($0) || parts[$0].multiplyAdds > 0 }.map { parts[$0] }
    }

    /// The root comes first, and makes what the whole model makes.
    mutating func setOutput(_ shape: [Int]) {
        parts[0].outputShape = shape
    }

    mutating func add(_ entries: [OperationTally.Entry]) {
        let owned = entries.map { entry in entry.parameter.flatMap { places[ObjectIdentifier($0)] } }
        for (index, entry) in entries.enumerated() {
            guard let place = owned[index] ?? (entry.multiplyAdds > 0 ? between(index, owned) : nil) else {
                continue
            }
            // What is made of rows that a table gave is no longer the table's output.
            if !entry.isOfParameterAlone || parts[place].outputShape == nil {
                parts[place].outputShape = entry.output
            }
            parts[place].multiplyAdds += entry.multiplyAdds
        }
    }

    /// The innermost part around the last parameter before an operation and the first after it.
    private func between(_ index: Int, _ owned: [Int?]) -> Int {
        let before = owned[..<index].last { $0 != nil } ?? nil
        let after = owned[index...].first { $0 != nil } ?? nil
        let paths = [before, after].map { $0.map { parts[$0].path.split(separator: ".") } ?? [] }
        let common = zip(paths[0], paths[1]).prefix { $0 == $1 }.map { $0.0 }
        for length in (0...common.count).reversed() {
            let path = common[..<length].joined(separator: ".")
            if let part = parts.lastIndex(where: { $0.path == path }) { return part }
        }
        return 0
    }
}
