/// A real as the kernels that take f32 and bf16 alike read it: `Float`, or `UInt16` for the bits of a bf16.
package protocol StoredReal: BitwiseCopyable {
    static var kind: RealKind { get }
}

extension Float: StoredReal {
    package static var kind: RealKind { .f32 }
}

extension UInt16: StoredReal {
    package static var kind: RealKind { .bf16 }
}
