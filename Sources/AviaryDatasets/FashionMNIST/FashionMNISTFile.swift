import AviaryFiles
import Crypto

/// One of the four files of Fashion-MNIST.
package enum FashionMNISTFile: String, CaseIterable, Sendable {
    case trainingImages = "train-images-idx3-ubyte"
    case trainingLabels = "train-labels-idx1-ubyte"
    case testImages = "t10k-images-idx3-ubyte"
    case testLabels = "t10k-labels-idx1-ubyte"

    /// The lengths of its axes.
    package var shape: [Int] {
        switch self {
        case .trainingImages: [60_000, 28, 28]
        case .trainingLabels: [60_000]
        case .testImages: [10_000, 28, 28]
        case .testLabels: [10_000]
        }
    }

    /// SHA-256 of the decompressed bytes.
    ///
    /// Debian compressed the files anew, so that digests of the .gz files differ from one source to another
    /// and only these are the same everywhere.
    package var sha256: String {
        switch self {
        case .trainingImages: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"
        case .trainingLabels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"
        case .testImages: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"
        case .testLabels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"
        }
    }

    /// Reads it from `folder`, as `NAME.gz` or, if that is not there, as `NAME`, and checks every byte.
    package func read(from folder: String) throws(DatasetError) -> IDXFile {
        let compressed = "\(folder)/\(rawValue).gz"
        let plain = "\(folder)/\(rawValue)"
        let path = DataFile.exists(plain) && !DataFile.exists(compressed) ? plain : compressed
        let stored = try DataFile.bytes(
            of: path,
            remedy:
                "install Debian's package dataset-fashion-mnist, or name a folder that holds the four files")
        let bytes = path == plain ? stored : try Self.inflate(stored, path: path)
        let file = try IDXFile(bytes, axisCount: shape.count, path: path)
        let found = Hexadecimal.text(of: SHA256.digest(of: bytes))
        guard found == sha256, file.shape == shape else {
            throw .altered(path: path, expectedSHA256: sha256, foundSHA256: found)
        }
        return file
    }

    private static func inflate(_ bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
        do throws(Gzip.Problem) {
            return try Gzip.inflate(bytes, limit: 64 << 20)  // the largest has 47,040,016 bytes
        } catch {
            throw .damaged(path: path, problem: error.description)
        }
    }
}
