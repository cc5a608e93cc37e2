/// One way of computing one task; what its members say is said at those of `ConvolutionKernel`.
protocol ConvolutionImplementation: Sendable {
    var packedByteCount: Int? { get }
    var form: String { get }
    var scratchByteCount: Int { get }

    func pack(_ from: UnsafeRawPointer, into packed: UnsafeMutableRawPointer)

    func run(
        _ first: UnsafeRawPointer, _ second: UnsafeRawPointer, bias: UnsafePointer<Float>?,
        into output: UnsafeMutableRawPointer, scratch: UnsafeMutableRawBufferPointer)
}
