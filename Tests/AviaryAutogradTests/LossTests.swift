import AviaryAutograd
import AviaryTensors
import AviaryTestSupport
import Foundation
import Testing

/// Losses against PyTorch (`Tests/Oracles/activations_norms_losses.py`).
struct LossTests {
    struct Attributes: Decodable {
        var reduction, kind: String?
        var beta, alpha, gamma, smoothing, temperature: Double?
        var ignoredLabel: Int?
        var labels: [Int64]?
    }

    typealias Case = OperationCase<Attributes>

    @Test func `equals PyTorch and differences, in every layout, kind and order`() throws {
        let cases = try fixture("losses", as: OperationCases<Attributes>.self).cases
        #expect(cases.count == 255)
        try OperationCheck(cases) { OperationAnswer(try apply($0, $1)) }.run()
    }

    private func apply(_ example: Case, _ x: [Variable]) throws -> Variable {
        let (a, constants) = (example.attributes, example.constantTensors)
        if example.operation == "inBatchSoftmax" {
            return inBatchSoftmax(queries: x[0], items: x[1], temperature: try #require(a.temperature))
        }
        let reduction = try #require(Reduction(rawValue: a.reduction ?? ""), "\(example.name)")
        if example.operation == "crossEntropy" {
            let labels = try #require(a.labels)
            return crossEntropy(
                x[0], labels: Tensor(labels, shape: [labels.count]).constant, classWeights: constants.first,
                ignoredLabel: a.ignoredLabel, smoothing: try #require(a.smoothing), reduction: reduction)
        }
        let target = try #require(constants.first)
        switch example.operation {
        case "absoluteError": return absoluteError(x[0], target: target, reduction: reduction)
        case "squaredError": return squaredError(x[0], target: target, reduction: reduction)
        case "smoothL1":
            return smoothL1(x[0], target: target, beta: try #require(a.beta), reduction: reduction)
        case "binaryCrossEntropy":
            return binaryCrossEntropy(
                logits: x[0], target: target, positiveWeight: constants.count > 1 ? constants[1] : nil,
                reduction: reduction)
        case "focalLoss":
            return focalLoss(
                logits: x[0], target: target, alpha: a.alpha, gamma: try #require(a.gamma),
                reduction: reduction)
        case "klDivergence":
            return klDivergence(logProbabilities: x[0], target: target, reduction: reduction)
        case "boxLoss":
            let kind = try #require(BoxLoss(rawValue: a.kind ?? ""))
            return boxLoss(x[0], target: target, kind: kind, reduction: reduction)
        default: throw UnknownOperation(example.operation)
        }
    }
}

/// What the oracle's cases do not show: extreme numbers, empty batches, and shapes that do not fit.
struct LossParticularsTests {
    @Test func `binary losses of the widest logits stay finite with exact slopes`() {
        let pass = Pass(.training)
        let x = pass.input(Tensor([1000.0, -1000, 1000, -1000], shape: [4]), needsGradient: true)
        let target = Tensor([1.0, 0, 0, 1], shape: [4])
        let loss = binaryCrossEntropy(logits: x, target: target, reduction: .none)
        #expect(loss.tensor.values(as: Double.self) == [0, 0, 1000, 1000])
        let gradients = loss.backward(from: Tensor(repeating: 1.0, shape: [4]))
        #expect(gradients[x]?.values(as: Double.self) == [0, 0, 1, -1])
    }

    @Test(arguments: [0.0, 0.5, 2.0])
    func `focal loss of the widest logits stays finite`(gamma: Double) {
        let pass = Pass(.training)
        let x = pass.input(Tensor([1000.0, -1000, 1000, -1000], shape: [4]), needsGradient: true)
        let target = Tensor([1.0, 0, 0, 1], shape: [4])
        let loss = focalLoss(logits: x, target: target, alpha: nil, gamma: gamma)
        #expect(loss.tensor.values(as: Double.self) == [0, 0, 1000, 1000])
        let gradients = loss.backward(from: Tensor(repeating: 1.0, shape: [4]))
        #expect(gradients[x]?.values(as: Double.self) == [0, 0, 1, -1])
    }

    @Test func `a class that is ruled out costs nothing where it is not asked for`() {
        let pass = Pass(.training)
        let x = pass.input(Tensor([0.0, -Double.infinity, 0], shape: [1, 3]), needsGradient: true)
        let loss = crossEntropy(x, labels: Tensor([0] as [Int64], shape: [1]))
        #expect(abs(loss.tensor.scalar - 0.6931471805599453) < 1e-15)
        #expect(loss.backward()[x]?.values(as: Double.self) == [-0.5, 0, 0.5])
    }

    @Test func `the short cross entropy and the long one agree`() {
        let pass = Pass(.training)
        let values = (0..<12).map { Double($0 * $0 % 7) / 3 }
        let (x, y) = (
            pass.input(Tensor(values, shape: [3, 4]), needsGradient: true),
            pass.input(Tensor(values, shape: [3, 4]), needsGradient: true)
        )
        let labels = Tensor([3, 0, 2] as [Int64], shape: [3])
        let short = softmaxCrossEntropy(x, labels: labels, smoothing: 0.2)
        let long = crossEntropy(y, labels: labels, smoothing: 0.2)
        #expect(abs(short.tensor.scalar - long.tensor.scalar) < 1e-14)
        let gradients = (short + long).backward()
        let pairs = zip(
            gradients[x]?.values(as: Double.self) ?? [], gradients[y]?.values(as: Double.self) ?? [])
        #expect(pairs.allSatisfy { abs($0 - $1) < 1e-15 })
        #expect(gradients[y]?.count == 12)
    }

    /// What is asked is looked up in the labels: nothing is as large as the logits but their gradient.
    @Test func `a cross entropy takes the memory of a gradient, whatever is asked and comes back`() async {
        await #expect(processExitsWith: .success) {
            let (rows, classes) = (64, 4096)
            let size = 4 * rows * classes
            var stream = RandomStream(seed: 1, name: "memory")
            let logits = stream.normalTensor([rows, classes], deviation: 1)
            let weights = stream.uniformTensor([classes], bound: 1)
            let labels = Tensor((0..<Int64(rows)).map { $0 % 2 == 0 ? -100 : $0 }, shape: [rows])
            for reduction in Reduction.allCases {
                let before = MemoryCache.shared.takenByteCount
                let pass = Pass(.training)
                let x = pass.input(logits, needsGradient: true)
                let loss = crossEntropy(
                    x, labels: labels, classWeights: weights, smoothing: 0.1, reduction: reduction)
                let gradients = loss.backward(from: Tensor(repeating: 0.5 as Float, shape: loss.shape))
                let taken = MemoryCache.shared.takenByteCount - before
                guard gradients[x] != nil, taken >= size, taken < size + size / 8 else {
                    fatalError("\(reduction): \(taken) bytes were taken, a gradient has \(size)")
                }
            }
        }
    }

    @Test(arguments: [DType.f32, .f64])
    func `labels may have four bytes or eight, also where they are answers of yes or no`(kind: DType) throws {
        let numbers = Tensor([0.5, -1, 2, 0.25, 3, -0.75], shape: [2, 3]).cast(to: kind)
        let weights = Tensor([1, 2, 3] as [Float], shape: [3])
        let classes = Tensor([2, 0] as [Int64], shape: [2])
        let answers = Tensor([1, 0, 0, 1, 1, 0] as [Int64], shape: [2, 3])
        func results(_ labels: DType) throws -> [[Double]] {
            let losses: [(Variable) -> Variable] = [
                { softmaxCrossEntropy($0, labels: classes.cast(to: labels)) },
                { crossEntropy($0, labels: classes.cast(to: labels), classWeights: weights) },
                { binaryCrossEntropy(logits: $0, target: answers.cast(to: labels)) },
                { focalLoss(logits: $0, target: answers.cast(to: labels), reduction: .sum) },
            ]
            return try losses.map { loss in
                let x = Pass(.training).input(numbers, needsGradient: true)
                let value = loss(x)
                return value.tensor.doubles + (try #require(value.backward()[x])).doubles
            }
        }
        let (narrow, wide) = (try results(.int32), try results(.int64))
        #expect(narrow == wide && wide.allSatisfy { $0.count == 7 && $0.allSatisfy(\.isFinite) })
        let pass = Pass(.evaluation)
        let reals = binaryCrossEntropy(logits: pass.input(numbers), target: answers.cast(to: kind))
        #expect(reals.tensor.scalar == wide[2][0])
    }

    @Test func `labels of another kind stop the program and are named`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = softmaxCrossEntropy(Pass(.training).input(.zeros([2, 3])), labels: .zeros([2]))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("cross entropy's labels: takes int64, int32, given was f32"), "\(text)")
        let masks = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = binaryCrossEntropy(
                logits: Pass(.training).input(.zeros([2])), target: .zeros([2], dtype: .bool))
        }
        let other = String(decoding: try #require(masks).standardErrorContent, as: UTF8.self)
        #expect(
            other.contains(
                "binary cross entropy's target: takes f32, f64, bf16, f16, int64, int32, given was bool"),
            "\(other)")
    }

    /// Beside one whose row is no number: an ignored row is not read.
    @Test func `rows that do not count cost nothing and have no gradient, whatever is in them`() throws {
        for kind in [DType.f32, .f64] {
            let pass = Pass(.training)
            let x = pass.input(
                Tensor([Double.nan, 1, .infinity, 0, 0, 0], shape: [2, 3]).cast(to: kind), needsGradient: true
            )
            let loss = crossEntropy(x, labels: Tensor([-1, 2] as [Int64], shape: [2]), ignoredLabel: -1)
            expectClose([loss.tensor.scalar], [log(3.0)], within: 1e-6, "\(kind)")
            let gradient = try #require(loss.backward()[x]).doubles
            expectClose(gradient, [0, 0, 0, 1.0 / 3, 1.0 / 3, -2.0 / 3], within: 1e-6, "\(kind)")
        }
    }

    @Test func `no boxes cost nothing, and every reduction has a gradient of no boxes`() {
        for reduction in [Reduction.mean, .sum, .none] {
            let pass = Pass(.training)
            let none = pass.input(Tensor([] as [Double], shape: [0, 4]), needsGradient: true)
            let target = Tensor([] as [Double], shape: [0, 4])
            let loss = boxLoss(none, target: target, kind: .generalized, reduction: reduction)
            #expect(loss.shape == (reduction == .none ? [0] : []))
            #expect(loss.tensor.doubles.allSatisfy { $0 == 0 })
            #expect(loss.backward(from: .zeros(loss.shape, dtype: .f64))[none]?.shape == [0, 4])
        }
    }

    @Test func `equal boxes have a loss of 0, boxes apart one above 1`() {
        for kind in BoxLoss.allCases {
            let pass = Pass(.evaluation)
            let boxes = pass.input(Tensor([0.0, 0, 2, 3, 0, 0, 1, 1], shape: [2, 4]))
            let target = Tensor([0.0, 0, 2, 3, 5, 5, 6, 7], shape: [2, 4])
            let loss = boxLoss(boxes, target: target, kind: kind).tensor.values(as: Double.self)
            #expect(abs(loss[0]) < 1e-6, "\(kind)")
            #expect(kind == .iou ? loss[1] == 1 : loss[1] > 1.1, "\(kind)")
        }
    }

    @Test func `a target of another shape stops the program and both are named`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = smoothL1(Pass(.training).input(.zeros([2, 3])), target: .zeros([3, 2]))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("smooth L1: shapes [2, 3] and [3, 2] do not fit"))
    }

    @Test func `a label that is no class stops the program and is named`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let labels = Tensor([0, 5] as [Int64], shape: [2])
            _ = crossEntropy(Pass(.training).input(.zeros([2, 3])), labels: labels)
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("cross entropy: label 5 with 3 classes"))
    }

    @Test func `an index outside of the table stops the program and is named`() async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let indices = Tensor([0, 7] as [Int64], shape: [2])
            _ = embedding(indices, weight: Pass(.training).input(.zeros([4, 3])))
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains("embedding: index 7 in a table of 4 rows"))
    }

    @Test func `a class that is ruled out costs nothing`() throws {
        let pass = Pass(.training)
        let logits = pass.input(
            Tensor([1, -.infinity, 2, 0.5, 0, -.infinity] as [Float], shape: [2, 3]), needsGradient: true)
        let labels = Tensor([0, 1] as [Int64], shape: [2])
        let loss = softmaxCrossEntropy(logits, labels: labels)
        let rows = [log(1 + exp(1.0)), log(exp(0.5) + 1)]
        expectClose([loss.tensor.scalar], [(rows[0] + rows[1]) / 2], within: 1e-6, "loss")
        #expect(try #require(loss.backward()[logits]).doubles.allSatisfy { $0.isFinite })
    }
}
