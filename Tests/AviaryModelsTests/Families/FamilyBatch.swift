import AviaryTensors

/// The batch of a step, as `Tests/Oracles/family_steps.py` draws it.
struct FamilyBatch {
    private let step: Int

    init(_ step: Int) {
        self.step = step
    }

    private func uniforms(_ part: Int, _ count: Int) -> [Double] {
        FormulaNumbers.uniforms(UInt64(1000 + 10 * step + part), count)
    }

    /// Images `[N, C, H, W]`; zeros where `mask`, bool `[N, H, W]`, is false.
    func images(_ shape: [Int], where mask: Tensor? = nil) -> Tensor {
        var values = uniforms(0, shape.reduce(1, *)).map { Float(3 * $0 - 1) }
        if let mask {
            let (taken, plane) = (mask.values(as: Bool.self), shape[2] * shape[3])
            for i in values.indices where !taken[i / (shape[1] * plane) * plane + i % plane] { values[i] = 0 }
        }
        return Tensor(values, shape: shape)
    }

    /// Which pixels belong to images of these extents: `[N, height, width]`.
    func mask(_ extents: [(rows: Int, columns: Int)], height: Int, width: Int) -> Tensor {
        let taken = extents.flatMap { extent in
            (0..<height * width).map { $0 / width < extent.rows && $0 % width < extent.columns }
        }
        return Tensor(taken, shape: [extents.count, height, width])
    }

    /// So many objects in each image.
    func targets(_ counts: [Int]) -> [DetectorTarget] {
        let total = counts.reduce(0, +)
        let classes = uniforms(1, total).map { Int64(4 * $0) }
        let boxes = uniforms(2, 4 * total).enumerated()
            .map { Float(($0.offset % 4 < 2 ? 0.3 : 0.1) + 0.4 * $0.element) }
        var first = 0
        return counts.map { count in
            defer { first += count }
            return DetectorTarget(
                classes: Array(classes[first..<first + count]),
                boxes: Array(boxes[4 * first..<4 * (first + count)]))
        }
    }

    /// Texts of these lengths, a quarter of whose words are hidden.
    func hiddenWords(lengths: [Int]) -> HiddenWords {
        let (length, shape) = (12, [lengths.count, 12])
        let count = shape.reduce(1, *)
        let words = uniforms(0, count).map { 4 + Int64(93 * $0) }
        let draws = uniforms(1, count)
        let isSeen = (0..<count).map { $0 % length < lengths[$0 / length] }
        let isHidden = (0..<count).map { isSeen[$0] && draws[$0] < 0.25 }
        return HiddenWords(
            ids: Tensor((0..<count).map { !isSeen[$0] ? 0 : isHidden[$0] ? 3 : words[$0] }, shape: shape),
            segments: Tensor((0..<count).map { Int64($0 % length >= 6 ? 1 : 0) }, shape: shape),
            mask: Tensor(isSeen, shape: shape),
            labels: Tensor((0..<count).map { isHidden[$0] ? words[$0] : -100 }, shape: shape))
    }

    /// A column of ids for each table.
    func ids(below counts: [Int], count: Int) -> [Tensor] {
        counts.enumerated().map { part, bound in
            Tensor(uniforms(part, count).map { Int64(Double(bound) * $0) }, shape: [count])
        }
    }
}
