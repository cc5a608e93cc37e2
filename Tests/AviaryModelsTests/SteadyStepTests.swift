import AviaryAutograd
import AviaryLayers
import AviaryOptimizers
import AviaryTensors
import Foundation
import Testing

/// Training steps keep no memory, and the same seed gives the same bytes.
struct SteadyStepTests {
    @Test(arguments: SmallTraining.Kind.allCases, [nil, DType.bf16, .f16])
    func `the same seed gives the same bytes twice, another one others`(
        kind: SmallTraining.Kind, precision: DType?
    ) {
        func bits(seed: UInt64) -> [UInt64] {
            let training = SmallTraining(kind, seed: seed, precision: precision)
            let losses = (0..<20).map { training.step($0) }
            let parameters = training.optimizer.parameters.flatMap { $0.value.values(as: Float.self) }
            return (losses + parameters.map { Double($0) }).map(\.bitPattern)
        }
        let first = bits(seed: 7)
        #expect(bits(seed: 7) == first)
        #expect(bits(seed: 8) != first)
    }

    // Each in a process of its own: other tests beside it make and free tensors.
    @Test func `a thousand steps of a convolutional model hold no more than ten`() async {
        await #expect(processExitsWith: .success) { SmallTraining(.convolutional, seed: 1).mustStaySteady() }
    }

    @Test func `a thousand steps of a convolutional model in bf16 hold no more than ten`() async {
        await #expect(processExitsWith: .success) {
            SmallTraining(.convolutional, seed: 1, precision: .bf16).mustStaySteady()
        }
    }

    @Test func `a thousand steps of a convolutional model in f16 hold no more than ten`() async {
        await #expect(processExitsWith: .success) {
            SmallTraining(.convolutional, seed: 1, precision: .f16).mustStaySteady()
        }
    }

    @Test func `a thousand steps of an encoder over an embedding hold no more than ten`() async {
        await #expect(processExitsWith: .success) { SmallTraining(.encoder, seed: 1).mustStaySteady() }
    }

    @Test func `a thousand steps of attention hold no more than ten`() async {
        await #expect(processExitsWith: .success) { SmallTraining(.attention, seed: 1).mustStaySteady() }
    }

    @Test func `a thousand steps of attention in bf16 hold no more than ten`() async {
        await #expect(processExitsWith: .success) {
            SmallTraining(.attention, seed: 1, precision: .bf16).mustStaySteady()
        }
    }

    @Test func `a thousand steps of a detector with a set loss hold no more than ten`() async {
        await #expect(processExitsWith: .success) { SmallTraining(.detector, seed: 1).mustStaySteady() }
    }

    @Test func `a thousand steps of two towers over tables hold no more than ten`() async {
        await #expect(processExitsWith: .success) { SmallTraining(.towers, seed: 1).mustStaySteady() }
    }
}

/// A small model that is stepped by hand, on the same few examples each time.
final class SmallTraining {
    enum Kind: CaseIterable {
        /// Convolution, batch norm, linear, by SGD.
        case convolutional
        /// Embedding with sparse gradients, layer norm, two linear layers with dropout between, by Adam.
        case encoder
        /// A transformer's encoder layer over an embedding, with dropout in attention too, by AdamW.
        case attention
        /// A convolutional backbone, encoder and decoder, predictions matched to objects, by AdamW.
        case detector
        /// Tables with sparse gradients, two perceptrons, the batch's other items against each, by Adam.
        case towers
    }

    let optimizer: any Optimizer
    private let seed: UInt64
    private let rate: Double
    private let autocast: Autocast?
    private let loss: (Pass) -> Variable

    /// A training whose products work on `precision`, on f32 unless it is given.
    init(_ kind: Kind, seed: UInt64, precision: DType? = nil) {
        var random = RandomStream(seed: seed, name: "steady")
        self.seed = seed
        rate = kind == .detector ? 0.001 : 0.01
        autocast = precision.map { .standard($0) }
        switch kind {
        case .convolutional:
            let model = SmallConvolutional(1, width: 6, classes: 3, random: &random)
            let images = random.normalTensor([4, 1, 9, 7], deviation: 1)
            let labels = Tensor([0, 2, 1, 2] as [Int64], shape: [4])
            optimizer = SGD(model.parameters, momentum: 0.9, weightDecay: 1e-4)
            loss = { softmaxCrossEntropy(model($0.input(images)), labels: labels, smoothing: 0.1) }
        case .encoder:
            let model = SmallEncoder(random: &random)
            let ids = Tensor((0..<15).map { Int64($0 * 7 % 11) }, shape: [3, 5])
            let labels = Tensor([1, 0, 2] as [Int64], shape: [3])
            optimizer = Adam(model.parameters)
            loss = { softmaxCrossEntropy(model($0.input(ids)), labels: labels) }
        case .attention:
            let embedding = Embedding(11, 16, random: &random)
            let layer = TransformerEncoderLayer(16, heads: 2, hidden: 32, activation: .gelu, random: &random)
            let head = Linear(16, 3, random: &random)
            let ids = Tensor((0..<39).map { Int64($0 * 7 % 11) }, shape: [3, 13])
            let labels = Tensor([1, 0, 2] as [Int64], shape: [3])
            optimizer = AdamW(embedding.parameters + layer.parameters + head.parameters)
            loss = { pass in
                softmaxCrossEntropy(
                    head(layer(embedding(pass.input(ids))).mean(over: [1])), labels: labels)
            }
        case .detector:
            let model = SmallDETR(random: &random)
            let batch = FamilyBatch(52)
            let mask = batch.mask([(16, 16), (16, 12), (12, 16)], height: 16, width: 16)
            let targets = batch.targets([2, 0, 3])
            let images = batch.images([3, 3, 16, 16], where: mask)
            optimizer = AdamW(model.parameters)
            loss = { pass in
                do {
                    let losses = try model(pass.input(images), mask: mask).map { try SetLoss()($0, targets) }
                    return losses.dropFirst().reduce(losses[0], +)
                } catch {
                    fatalError("\(error)")
                }
            }
        case .towers:
            let model = TwoTower(random: &random)
            let ids = [(50, 7), (7, 3), (80, 11), (11, 5)].map { size, factor in
                Tensor((0..<16).map { Int64($0 * factor % size) }, shape: [16])
            }
            optimizer = Adam(model.parameters)
            loss = { model.loss(users: Array(ids[..<2]), items: Array(ids[2...]), in: $0) }
        }
    }

    /// Forward, backward, running statistics, parameters; what the loss was.
    func step(_ number: Int) -> Double {
        let pass = Pass(.training, seed: seed, step: UInt32(number), autocast: autocast)
        let loss = loss(pass)
        let gradients = loss.backward()
        pass.applyBufferUpdates()
        optimizer.step(gradients, rate: rate)
        return loss.tensor.scalar
    }

    /// Stops the program where step 1,000 leaves more memory behind than step 10.
    func mustStaySteady() {
        func steps(_ range: Range<Int>) -> (live: Int, resident: Int?, allocations: Int) {
            for number in range where !step(number).isFinite {
                fatalError("step \(number) has no finite loss")
            }
            let cache = MemoryCache.shared
            return (cache.liveByteCount, residentByteCount(), cache.systemAllocationCount)
        }
        let (early, late) = (steps(0..<10), steps(10..<1000))
        guard early.live == late.live else {
            fatalError("tensors alive: \(early.live) bytes after 10 steps, \(late.live) after 1,000")
        }
        // Without the cache, as under AddressSanitizer, freed memory may stay resident for a while.
        guard ProcessInfo.processInfo.environment["AVIARY_ALLOCATOR"] != "system" else { return }
        guard early.allocations == late.allocations else {
            fatalError("the system gave \(late.allocations - early.allocations) buffers after step 10")
        }
        guard let before = early.resident, let after = late.resident else { return }
        // The first steps make what stays: threads, primitives, the caches of the C library.
        guard after - before <= 4 << 20 else {
            fatalError("resident: \(before) bytes after 10 steps, \(after) after 1,000")
        }
    }

    /// What this process has in memory; `nil` where the system does not say it in `/proc`.
    private func residentByteCount() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        guard fields.count > 1, let pages = Int(fields[1]) else {
            fatalError("/proc/self/statm holds no number of pages: \(text)")
        }
        return pages * Int(getpagesize())
    }
}

private struct SmallEncoder: Layer {
    let embedding: Embedding
    let norm = LayerNorm(8)
    let wide: Linear
    let narrow: Linear
    let dropped = Dropout(0.1)
    let head: Linear

    init(random stream: inout RandomStream) {
        embedding = Embedding(11, 8, isSparse: true, random: &stream)
        wide = Linear(8, 16, random: &stream)
        narrow = Linear(16, 8, random: &stream)
        head = Linear(8, 3, random: &stream)
    }

    /// int64 `[N, L]` to `[N, 3]`.
    func callAsFunction(_ x: Variable) -> Variable {
        let y = embedding(x)  // [N, L, 8]
        let mixed = y + narrow(dropped(gelu(wide(norm(y)))))  // [N, L, 8]
        return head(mixed.mean(over: [1]))
    }
}
