/// One model of the zoo: what it is, what was measured, and where its weights come from.
public struct CatalogueEntry: Sendable, Equatable {
    /// Lower-case letters, digits and `-`.
    public let name: String
    /// One line.
    public let summary: String
    /// As `image-classification`.
    public let task: String
    /// The data it was trained and measured on.
    public let dataset: String
    /// SPDX identifier of the weights' licence.
    public let licence: String
    /// How many numbers are trained.
    public let parameterCount: Int
    /// What was measured, by the metric's name, as `test/accuracy`.
    public let figures: [String: Double]
    /// The file with the trained numbers.
    public let weights: Weights
    /// The recipe that trains it.
    public let recipe: String
    /// The run the weights come from; `nil` if it is not known.
    public let run: String?

    /// A file of weights and how to know it.
    public struct Weights: Sendable, Equatable {
        /// A file name without folders.
        public let file: String
        /// Its size in bytes.
        public let byteCount: Int64
        /// SHA-256 of its bytes, 64 lower-case hexadecimal digits.
        public let sha256: String
        /// Addresses of the file itself, to be tried in order.
        public let sources: [String]
    }
}
