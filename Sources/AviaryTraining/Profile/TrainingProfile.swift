package import AviaryAutograd
package import AviaryLayers
package import AviaryTensors

/// Where the time of a training's steps goes: the median of several steps, a row for each operation of each layer.
package struct TrainingProfile: Sendable, Equatable {
    /// An operation of a layer in one phase.
    package struct Row: Sendable, Equatable {
        package let operation: String
        /// The layer's path, `(model)` for the model itself; what is no layer's stands in parentheses, as `(loss)`.
        package let layer: String
        /// The name of the layer's type; `nil` where there is no layer.
        package let kind: String?
        package let phase: StepProfile.Phase
        /// In what its products were computed.
        package let precision: DType
        /// The median of each figure over the steps.
        package let figures: StepProfile.Figures
        /// The least time in which the machine could do it.
        package let leastNanoseconds: Double
    }

    /// Several rows together: those of one operation, or of one layer.
    package struct Group: Sendable, Equatable {
        package let name: String
        package let kind: String?
        package var forwardNanoseconds = 0
        package var backwardNanoseconds = 0
        /// The sums over the rows; a call has a way forward and, in training, a way back, and counts once.
        package var figures = StepProfile.Figures()
        package var leastNanoseconds = 0.0

        /// The share of the machine's limit that is reached.
        package var share: Double { leastNanoseconds / Double(max(1, figures.nanoseconds)) }
    }

    /// Steps that were measured.
    package let stepCount: Int
    /// Steps that were made before.
    package let warmUpCount: Int
    package let limit: MachineLimit
    /// How long the median step took.
    package let stepNanoseconds: Int
    /// How long the fastest took.
    package let leastStepNanoseconds: Int
    /// Layers in the order in which data passes through them.
    package let rows: [Row]

    /// Puts steps together; `holders` says which module holds a parameter.
    package init(
        _ steps: [StepProfile], holders: [ObjectIdentifier: ParameterHolder], limit: MachineLimit,
        warmUpCount: Int
    ) {
        (stepCount, self.warmUpCount, self.limit) = (steps.count, warmUpCount, limit)
        let durations = steps.map(\.nanoseconds)
        stepNanoseconds = durations.median
        leastStepNanoseconds = durations.min() ?? 0
        var table = RowTable()
        for step in steps { table.add(step, holders) }
        rows = table.rows(stepCount: steps.count, limit)
    }

    /// The rows of each operation together, the slowest first.
    package var operations: [Group] {
        groups { ($0.operation, nil) }.sorted { $0.figures.nanoseconds > $1.figures.nanoseconds }
    }

    /// The rows of each layer together, in the order of the rows.
    package var layers: [Group] { groups { ($0.layer, $0.kind) } }

    private func groups(_ name: (Row) -> (String, String?)) -> [Group] {
        var (groups, places) = ([Group](), [String: Int]())
        for row in rows {
            let (name, kind) = name(row)
            let place = places[name] ?? groups.count
            if place == groups.count { groups.append(Group(name: name, kind: kind)) }
            places[name] = place
            groups[place].add(row)
        }
        return groups
    }
}

extension TrainingProfile.Row {
    /// The share of the machine's limit that is reached.
    package var share: Double { leastNanoseconds / Double(max(1, figures.nanoseconds)) }
}

extension TrainingProfile.Group {
    fileprivate mutating func add(_ row: TrainingProfile.Row) {
        figures.callCount += row.phase == .backward ? 0 : row.figures.callCount
        figures.nanoseconds += row.figures.nanoseconds
        figures.flopCount += row.figures.flopCount
        figures.byteCount += row.figures.byteCount
        figures.reorderCount += row.figures.reorderCount
        leastNanoseconds += row.leastNanoseconds
        if row.phase == .forward { forwardNanoseconds += row.figures.nanoseconds }
        if row.phase == .backward { backwardNanoseconds += row.figures.nanoseconds }
    }
}

/// The rows of several steps, found again by operation, layer and phase.
private struct RowTable {
    private struct Key: Hashable {
        let operation: String
        let layer: ParameterHolder
        let isLayer: Bool
        let phase: StepProfile.Phase
    }

    struct Samples {
        var precision = DType.f32
        /// One for each step in which the row was met.
        var figures: [StepProfile.Figures] = []
    }

    private var keys: [Key] = []
    private var samples: [Key: Samples] = [:]
    private var layers: [ParameterHolder] = []

    mutating func add(_ step: StepProfile, _ holders: [ObjectIdentifier: ParameterHolder]) {
        var sums: [Key: StepProfile.Figures] = [:]
        for row in step.rows {
            let (holder, isLayer) = Self.holder(of: row.place, holders)
            let key = Key(operation: row.operation, layer: holder, isLayer: isLayer, phase: row.phase)
            if samples[key] == nil { keys.append(key) }
            if !layers.contains(holder) { layers.append(holder) }
            if row.precision == .bf16 { samples[key, default: Samples()].precision = .bf16 }
            // Weight and bias are two parameters of one layer.
            sums[key, default: .init()].add(row.figures)
            samples[key] = samples[key] ?? Samples()
        }
        for (key, figures) in sums { samples[key]?.figures.append(figures) }
    }

    /// In the order of the layers, each layer's in the order in which they were met.
    ///
    /// What is there to change numbers only, as running statistics, comes after the layers.
    func rows(stepCount: Int, _ limit: MachineLimit) -> [TrainingProfile.Row] {
        let changes = Set(layers).subtracting(keys.filter { !$0.phase.isLast }.map(\.layer))
        let ordered = layers.filter { !changes.contains($0) } + layers.filter(changes.contains)
        return ordered.flatMap { layer in
            keys.filter { $0.layer == layer }.compactMap { key in
                guard let samples = samples[key] else { return nil }
                let figures = samples.median(of: stepCount)
                return TrainingProfile.Row(
                    operation: key.operation, layer: layer.path, kind: key.isLayer ? layer.kind : nil,
                    phase: key.phase, precision: samples.precision, figures: figures,
                    leastNanoseconds: limit.leastNanoseconds(figures, in: samples.precision))
            }
        }
    }

    private static func holder(
        of place: StepProfile.Place, _ holders: [ObjectIdentifier: ParameterHolder]
    ) -> (ParameterHolder, isLayer: Bool) {
        switch place {
        case .part(let part): return (ParameterHolder(path: "(\(part.rawValue))", kind: ""), false)
        case .layer(let parameter):
            guard let holder = holders[parameter] else {
                return (ParameterHolder(path: "(outside the model)", kind: ""), false)
            }
            let path = holder.path.isEmpty ? "(model)" : holder.path
            return (ParameterHolder(path: path, kind: holder.kind), true)
        }
    }
}

extension StepProfile.Phase {
    /// Whether it comes after forward and backward.
    fileprivate var isLast: Bool { self == .update || self == .other }
}

extension RowTable.Samples {
    /// The median of each figure; a step without the row has nothing of it.
    fileprivate func median(of stepCount: Int) -> StepProfile.Figures {
        let missing = [StepProfile.Figures](repeating: .init(), count: stepCount - figures.count)
        let all = figures + missing
        var median = StepProfile.Figures()
        median.callCount = all.map(\.callCount).median
        median.nanoseconds = all.map(\.nanoseconds).median
        median.flopCount = all.map(\.flopCount).median
        median.byteCount = all.map(\.byteCount).median
        median.reorderCount = all.map(\.reorderCount).median
        return median
    }
}

extension StepProfile.Figures {
    fileprivate mutating func add(_ other: StepProfile.Figures) {
        callCount += other.callCount
        nanoseconds += other.nanoseconds
        flopCount += other.flopCount
        byteCount += other.byteCount
        reorderCount += other.reorderCount
    }
}

extension [Int] {
    /// The middle of the sorted numbers, of an even count the lower one: a number that was there.
    ///
    /// 0 for none.
    fileprivate var median: Int { isEmpty ? 0 : sorted()[(count - 1) / 2] }
}
