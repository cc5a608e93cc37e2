import CAviaryOneDNN
import Synchronization

/// Keeps the oneDNN primitives that were used last, by what they compute and on how many threads.
///
/// A primitive has to run on the number of threads that it was made for. A model has a few dozen; only inputs of ever
/// new shapes reach the limit, and then the quarter that was used longest ago is let go and made anew when asked for.
package final class PrimitiveCache<Key: Hashable & Sendable>: Sendable {
    private let state = Mutex(State())
    private let limit: Int
    private let make: @Sendable (Key, UnsafeMutablePointer<CChar>) -> OpaquePointer?

    private struct State {
        var made: [OnThreads<Key>: (primitive: Primitive, lastUse: UInt64)] = [:]
        var uses: UInt64 = 0
    }

    package init(
        limit: Int = 1_024, _ make: @escaping @Sendable (Key, UnsafeMutablePointer<CChar>) -> OpaquePointer?
    ) {
        self.limit = limit
        self.make = make
    }

    /// How many it keeps.
    package var count: Int { state.withLock { $0.made.count } }

    /// The primitive for `key`; stops the program where oneDNN cannot make one, which a checked shape never meets.
    package func primitive(for key: Key) -> Primitive {
        let place = OnThreads(key)
        return state.withLock { state in
            state.uses += 1
            if let index = state.made.index(forKey: place) {
                state.made.values[index].lastUse = state.uses
                return state.made.values[index].primitive
            }
            var error = [CChar](repeating: 0, count: AVIARY_ERROR_LENGTH)
            guard let pointer = make(key, &error) else {
                let bytes = error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                fatalError("\(key): \(String(decoding: bytes, as: UTF8.self))")
            }
            if state.made.count >= limit { letGoOfTheOldest(&state) }
            let primitive = Primitive(pointer)
            state.made[place] = (primitive, state.uses)
            return primitive
        }
    }

    private func letGoOfTheOldest(_ state: inout State) {
        let uses = state.made.values.map(\.lastUse).sorted()
        let bound = uses[(limit - 1) / 4]
        state.made = state.made.filter { $0.value.lastUse > bound }
    }
}

/// What oneDNN is asked for, together with the number of threads that it will run on: its answers depend on both.
struct OnThreads<Key: Hashable & Sendable>: Hashable, Sendable {
    let key: Key
    let threadCount: Int

    /// On as many threads as are used here.
    init(_ key: Key) {
        self.key = key
        threadCount = Parallel.threadCount
    }
}

/// A oneDNN primitive, which ends with its last user.
///
/// `@unchecked Sendable`: it guards itself with a lock of its own (`primitive.c`), so threads may share it.
package final class Primitive: @unchecked Sendable {
    private let pointer: OpaquePointer

    fileprivate init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit { aviary_destroy(pointer) }

    /// Lends the primitive to one call, through which it lives.
    package func use<Answer>(_ call: (OpaquePointer) -> Answer) -> Answer {
        withExtendedLifetime(self) { call(pointer) }
    }
}

/// Stops the program when a primitive that was made for these very shapes reports a failure.
func mustSucceed(_ status: Int32, _ what: String) {
    guard status == 0 else { fatalError("oneDNN: \(what) failed with status \(status)") }
}
