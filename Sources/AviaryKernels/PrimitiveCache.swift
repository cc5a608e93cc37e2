import CAviaryOneDNN
import Synchronization

/// Keeps the oneDNN primitives that were made, by what they compute and on how many threads.
///
/// A primitive lives as long as the program: there are as many as a model has distinct shapes. It has to run on the
/// number of threads that it was made for.
final class PrimitiveCache<Key: Hashable & Sendable>: Sendable {
    private let made = Mutex<[Place: Primitive]>([:])
    private let make: @Sendable (Key, UnsafeMutablePointer<CChar>) -> OpaquePointer?

    private struct Place: Hashable {
        let key: Key
        let threadCount: Int
    }

    init(_ make: @escaping @Sendable (Key, UnsafeMutablePointer<CChar>) -> OpaquePointer?) {
        self.make = make
    }

    /// The primitive for `key`; stops the program where oneDNN cannot make one, which a checked shape never meets.
    func primitive(for key: Key) -> OpaquePointer {
        let place = Place(key: key, threadCount: Parallel.threadCount)
        return made.withLock { made in
            if let known = made[place] { return known.pointer }
            var error = [CChar](repeating: 0, count: AVIARY_ERROR_LENGTH)
            guard let pointer = make(key, &error) else {
                let bytes = error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                fatalError("\(key): \(String(decoding: bytes, as: UTF8.self))")
            }
            made[place] = Primitive(pointer: pointer)
            return pointer
        }
    }
}

/// A primitive guards itself with a lock of its own (`primitive.c`), so its address may be shared.
private struct Primitive: @unchecked Sendable {
    let pointer: OpaquePointer
}

/// Stops the program when a primitive that was made for these very shapes reports a failure.
func mustSucceed(_ status: Int32, _ what: String) {
    guard status == 0 else { fatalError("oneDNN: \(what) failed with status \(status)") }
}
