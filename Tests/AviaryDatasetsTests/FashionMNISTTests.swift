import AviaryDatasets
import Foundation
import Testing

struct FashionMNISTTests {
    @Test func `the real set has its published sizes`() throws {
        let set = try FashionMNIST()
        #expect(set.training.count == 55_000)
        #expect(set.validation.count == 5_000)
        #expect(set.test.count == 10_000)
        for part in [set.training, set.validation, set.test] {
            #expect(part.channels == 1 && part.height == 28 && part.width == 28)
            #expect(part.pixels.count == part.count * 784)
            #expect(part.classNames == FashionMNIST.classNames)
        }
        #expect(classCounts(set.test) == Array(repeating: 1_000, count: 10))
        // Counted once with Python from the same files.
        #expect(classCounts(set.validation) == [500, 484, 509, 493, 487, 485, 527, 497, 519, 499])
        let both = zip(classCounts(set.training), classCounts(set.validation)).map { $0 + $1 }
        #expect(both == Array(repeating: 6_000, count: 10))
        let mean = set.training.pixels.reduce(0.0) { $0 + Double($1) } / Double(set.training.pixels.count)
        #expect(abs(mean - 72.93335653988868) < 1e-6)
    }

    @Test func `the split is the one that its description says`() {
        let indices = FashionMNIST.validationIndices()
        #expect(indices.count == 5_000)
        #expect(Set(indices).count == 5_000)
        #expect(Array(indices.prefix(6)) == [29, 31, 42, 51, 58, 77])
        #expect(Array(indices.suffix(3)) == [59_984, 59_986, 59_987])
        #expect(indices.reduce(0, +) == 150_090_088)
    }

    @Test func `a missing file is named, with the way to get it`() throws {
        let folder = try TemporaryFolder()
        #expect {
            try FashionMNIST(folder: folder.path)
        } throws: { error in
            "\(error)" == "there is no \(folder.path)/train-images-idx3-ubyte.gz; install Debian's package "
                + "dataset-fashion-mnist, or name a folder that holds the four files"
        }
    }

    @Test func `a compressed file that is cut short is refused`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(Array(compressedLabels().prefix(3_000)), to: "t10k-labels-idx1-ubyte.gz")
        #expect(throws: DatasetError.damaged(path: path, problem: "its gzip data ends too early")) {
            try FashionMNISTFile.testLabels.read(from: folder.path)
        }
    }

    @Test func `a plain file is read where there is no compressed one`() throws {
        let folder = try TemporaryFolder()
        try folder.write(plainLabels(), to: "t10k-labels-idx1-ubyte")
        let file = try FashionMNISTFile.testLabels.read(from: folder.path)
        #expect(file.shape == [10_000])
        #expect(Array(file.values.prefix(6)) == [9, 2, 1, 1, 6, 1])
    }

    @Test func `one changed byte is refused, with both digests`() throws {
        let folder = try TemporaryFolder()
        var bytes = try plainLabels()
        bytes[5_000] ^= 1
        let path = try folder.write(bytes, to: "t10k-labels-idx1-ubyte")
        #expect {
            try FashionMNISTFile.testLabels.read(from: folder.path)
        } throws: { error in
            guard case .altered(path, let expected, let found) = error as? DatasetError else { return false }
            return expected == FashionMNISTFile.testLabels.sha256 && found != expected && found.count == 64
        }
    }

    @Test func `images in the place of labels are refused`() throws {
        let folder = try TemporaryFolder()
        try folder.write(plainLabels(), to: "t10k-images-idx3-ubyte")
        #expect {
            try FashionMNISTFile.testImages.read(from: folder.path)
        } throws: { error in
            if case .foreign = error as? DatasetError { true } else { false }
        }
    }

    @Test func `a folder in the place of a file is refused`() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("t10k-labels-idx1-ubyte.gz")
        #expect(
            throws: DatasetError.unreadable(
                path: "\(folder.path)/t10k-labels-idx1-ubyte.gz", reason: "it is not a regular file")
        ) { try FashionMNISTFile.testLabels.read(from: folder.path) }
    }

    private func classCounts(_ images: LabelledImages) -> [Int] {
        images.labels.reduce(into: Array(repeating: 0, count: 10)) { $0[Int($1)] += 1 }
    }

    private func compressedLabels() throws -> [UInt8] {
        let path = "\(FashionMNIST.defaultFolder)/t10k-labels-idx1-ubyte.gz"
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private func plainLabels() throws -> [UInt8] {
        try Gzip.inflate(compressedLabels(), limit: 20_000)
    }
}
