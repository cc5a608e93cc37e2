import AviaryArtifacts
import Foundation
import Testing

struct BlobStoreTests {
    @Test func `knows the digests of the standard`() {
        #expect(
            BlobStore.sha256([]) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            BlobStore.sha256(Array("abc".utf8))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }

    @Test(arguments: [0, 1, 4096, 300_000])
    func `keeps the bytes under their digest`(count: Int) throws {
        try withFolder { folder in
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let blobs = BlobStore(folder: folder)
            let blob = try blobs.put(bytes)
            #expect(blob.byteCount == Int64(count))
            #expect(try Array(Data(contentsOf: URL(filePath: blobs.file(of: blob.sha256)))) == bytes)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/tmp").isEmpty)
        }
    }

    @Test func `keeps equal content once`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder)
            let first = try blobs.put(Array("same".utf8))
            #expect(try blobs.put(Array("same".utf8)) == first)
            let parts = try FileManager.default.subpathsOfDirectory(atPath: folder + "/blobs")
            #expect(parts.filter { $0.hasSuffix(first.sha256) }.count == 1)
        }
    }

    @Test func `replaces a blob of the wrong size`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder)
            let blob = try blobs.put(Array("whole".utf8))
            try Data("who".utf8).write(to: URL(filePath: blobs.file(of: blob.sha256)))
            _ = try blobs.put(Array("whole".utf8))
            #expect(try Data(contentsOf: URL(filePath: blobs.file(of: blob.sha256))) == Data("whole".utf8))
        }
    }

    @Test func `says which folder it cannot write`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder + "/missing")
            let error = #expect(throws: ArtifactError.self) { try blobs.put([1]) }
            #expect(error?.description.contains("/missing/blobs") == true)
        }
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aviary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path())
    }
}
