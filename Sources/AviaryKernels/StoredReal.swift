/// A real as the kernels that take f32 and bf16 alike read it: `Float`, or `UInt16` for the bits of a bf16.
package protocol StoredReal: BitwiseCopyable {
    static var isBF16: Bool { get }
}

extension Float: StoredReal {
    package static var isBF16: Bool { false }
}

extension UInt16: StoredReal {
    package static var isBF16: Bool { true }
}
