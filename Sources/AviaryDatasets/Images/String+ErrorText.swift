extension String {
    /// The text that a C function left in its error buffer, up to the first zero.
    init(errorText buffer: [CChar]) {
        self.init(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
