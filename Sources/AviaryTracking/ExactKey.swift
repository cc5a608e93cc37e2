/// A key of a param, tag or metric: two are one key only where their bytes are the same.
///
/// Swift takes texts for equal that are the same letters in other code points, as the letter omega and the sign of the
/// unit ohm. To a store, and to MLflow's clients, these are two keys.
public struct ExactKey: Sendable, Hashable, Comparable {
    /// The key as it was given.
    public let text: String

    /// The key that is this text.
    public init(_ text: String) {
        self.text = text
    }

    /// Whether both have the same bytes.
    public static func == (one: ExactKey, other: ExactKey) -> Bool {
        one.text.utf8.count == other.text.utf8.count && one.text.utf8.elementsEqual(other.text.utf8)
    }

    /// Orders keys by their bytes, which is the order of their code points.
    public static func < (one: ExactKey, other: ExactKey) -> Bool {
        one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

extension ExactKey: ExpressibleByStringInterpolation, CustomStringConvertible {
    /// The key that is this text.
    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// The key as it was given.
    public var description: String { text }
}

extension Dictionary where Key == ExactKey {
    /// The value of the key with this text.
    public subscript(text: String) -> Value? {
        get { self[ExactKey(text)] }
        set { self[ExactKey(text)] = newValue }
    }
}

extension Dictionary where Key == String {
    /// The same values by keys that are compared by their bytes.
    public var byExactKey: [ExactKey: Value] {
        [ExactKey: Value](uniqueKeysWithValues: map { (ExactKey($0.key), $0.value) })
    }
}
