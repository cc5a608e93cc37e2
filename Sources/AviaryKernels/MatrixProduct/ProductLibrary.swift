import CAviaryOpenBLAS

/// The library that multiplies matrices in single precision.
///
/// Which is the faster one depends on the processor, and not so much on the extents: it is asked once for each number of
/// threads, by one product of middling extents, and kept with the other choices (`KernelChoices`).
package enum ProductLibrary: String, CaseIterable {
    case oneDNN
    case openBLAS

    /// The faster one on as many threads as are used here.
    package static var fastest: ProductLibrary {
        let question = Question(threadCount: Parallel.threadCount)
        let chosen = KernelChoices.shared.choice(for: question, among: allCases.map(\.rawValue)) {
            let trial = ProductTrial()
            return allCases.map { library in { trial.run(library) } }
        }
        guard let library = ProductLibrary(rawValue: chosen) else {
            fatalError("\(question.text): \(chosen) is none of the libraries that were asked for")
        }
        return library
    }

    private struct Question: KernelQuestion {
        let threadCount: Int

        /// OpenBLAS says with its version which processor it takes this one for.
        var text: String {
            "matrix products f32 t\(threadCount), \(String(cString: aviary_openblas_config()))"
        }
    }
}

/// Matrices to time a library on: zeros, as its speed does not depend on the numbers.
private final class ProductTrial {
    private let shape = ProductShape(rows: 1024, inner: 256, columns: 512)
    private let left = [Float](repeating: 0, count: 1024 * 256)
    private let right = [Float](repeating: 0, count: 256 * 512)
    private var output = [Float](repeating: 0, count: 1024 * 512)

    func run(_ library: ProductLibrary) {
        MatrixProduct.multiply(shape, left: left, right: right, output: &output, by: library)
    }
}
