import CAviaryOneDNN
import Synchronization

/// Convolution by oneDNN; layouts and the kind of element are those of the shape.
enum OneDNNConvolution {
    /// One of oneDNN's ways to the same sums.
    enum Way: String, CaseIterable, Sendable {
        case direct
        /// F(4×4, 3×3): a quarter of the products, errors a few times as large.
        case winograd
        /// F(2×2, 3×3) or F(4×4, 3×3) with weights that are transformed once, for those that stay.
        case winogradOfKept = "winograd-of-kept"
        /// The same as `direct`, where images whose channels all lie side by side are said to be `nhwc`.
        case channelsLast = "channels-last"

        func c(_ ending: ConvolutionEnding) -> aviary_convolution_way {
            aviary_convolution_way(
                winograd: self == .winograd || self == .winogradOfKept,
                weights_kept: self == .winogradOfKept, channels_last: self == .channelsLast,
                adds: ending.adds, relu: ending.isRectified)
        }
    }

    /// The ways that oneDNN has kernels for, beside the loop that it tests them against.
    static func ways(_ task: ConvolutionTask) -> [Way] {
        let place = OnThreads(task)
        return answers.withLock { answers in
            if let known = answers[place] { return known }
            var c = task.shape.c
            let ways = Way.allCases.filter { way in
                if way == .channelsLast, !task.shape.isChannelsLast { return false }
                if way == .winogradOfKept, !task.keepsWeights { return false }
                var weightsSize: Int64 = 0
                guard
                    aviary_convolution_has_kernel(
                        &c, task.direction.c, task.ending.hasBias, way.c(task.ending), &weightsSize)
                else { return false }
                return way != .winogradOfKept || isThrifty(Int(weightsSize), task)
            }
            // Many only where shapes never repeat.
            if answers.count >= 4_096 { answers.removeAll() }
            answers[place] = ways
            return ways
        }
    }

    /// Whether transformed weights take no more than twice the bytes, or few: F(4×4) takes four times as many, which in a
    /// whole model is more than it saves.
    private static func isThrifty(_ byteCount: Int, _ task: ConvolutionTask) -> Bool {
        byteCount <= max(4 << 20, 2 * 4 * task.shape.weightCount)
    }

    /// What goes one way.
    static func implementation(_ task: ConvolutionTask, way: Way) -> any ConvolutionImplementation {
        // Other ways are the same whether weights are kept.
        let task = way == .winogradOfKept ? task : ConvolutionTask(task.shape, task.direction, task.ending)
        return OneDNNImplementation(primitive: primitives.primitive(for: Key(task: task, way: way)))
    }

    private struct Key: Hashable, Sendable {
        let task: ConvolutionTask
        let way: Way
    }

    private static let answers = Mutex<[OnThreads<ConvolutionTask>: [Way]]>([:])

    private static let primitives = PrimitiveCache<Key> { key, error in
        var shape = key.task.shape.c
        let ending = key.task.ending
        return aviary_convolution_create(
            &shape, key.task.direction.c, ending.hasBias, key.way.c(ending), error)
    }
}

private struct OneDNNImplementation: ConvolutionImplementation {
    let primitive: Primitive

    var packedByteCount: Int? {
        let size = primitive.use { Int(aviary_convolution_packed_size($0)) }
        return size > 0 ? size : nil
    }

    var form: String { "oneDNN's \(primitive.use { aviary_convolution_form($0) })" }
    var scratchByteCount: Int { 0 }

    func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer) {
        mustSucceed(primitive.use { aviary_convolution_pack($0, from, packed) }, "packing of weights")
    }

    func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer
    ) {
        mustSucceed(
            primitive.use { aviary_convolution_run($0, first, second, bias, output) }, "convolution")
    }
}
