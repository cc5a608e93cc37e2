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

    @Test(arguments: [[], [1], [4096], [1, 0, 65_536, 299_999]])
    func `keeps bytes that come in pieces under their digest`(counts: [Int]) throws {
        try withFolder { folder in
            let bytes = (0..<counts.reduce(0, +)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let blobs = BlobStore(folder: folder)
            let draft = try blobs.draft()
            var rest = bytes[...]
            for count in counts {
                try draft.append(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(draft.byteCount == Int64(bytes.count))
            let blob = try blobs.place(draft)
            draft.discard()
            #expect(blob.sha256 == BlobStore.sha256(bytes))
            #expect(blob.byteCount == Int64(bytes.count))
            #expect(blobs.has(blob))
            #expect(try content(blobs.file(of: blob.sha256)) == bytes)
            #expect(try names(folder + "/tmp") == [])
        }
    }

    @Test func `takes bytes that lie in no one piece of memory`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder)
            let draft = try blobs.draft()
            try draft.append([[1, 2], [3]].joined().lazy.map { $0 })
            #expect(try blobs.place(draft).sha256 == BlobStore.sha256([1, 2, 3]))
        }
    }

    @Test func `keeps equal content once`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder)
            let first = try blobs.put("same")
            #expect(try blobs.put("same") == first)
            #expect(try blobs.groups() == [[first.sha256]])
            let other = try blobs.put("other")
            #expect(try Set(blobs.groups()) == [[first.sha256], [other.sha256]])
        }
    }

    @Test func `replaces a blob of the wrong size`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder)
            let blob = try blobs.put("whole")
            try Data("who".utf8).write(to: URL(filePath: blobs.file(of: blob.sha256)))
            #expect(!blobs.has(blob))
            #expect(try blobs.put("whole") == blob)
            #expect(try content(blobs.file(of: blob.sha256)) == Array("whole".utf8))
            #expect(try names(folder + "/tmp") == [])
        }
    }

    @Test func `a blob that was freed can be placed again as long as its draft is there`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder)
            let draft = try blobs.draft()
            try draft.append(Array("bytes".utf8))
            let blob = try blobs.place(draft)
            try blobs.remove(blob.sha256)
            #expect(!blobs.has(blob))
            #expect(try blobs.place(draft) == blob)
            #expect(try blobs.place(draft) == blob)
            draft.discard()
            #expect(try content(blobs.file(of: blob.sha256)) == Array("bytes".utf8))
            #expect(try names(folder + "/tmp") == [])
        }
    }

    @Test func `a draft that nobody holds any more is gone`() throws {
        try withFolder { folder in
            do {
                let draft = try BlobStore(folder: folder).draft()
                try draft.append([1])
                #expect(try names(folder + "/tmp").count == 1)
            }
            #expect(try names(folder + "/tmp") == [])
            #expect(try BlobStore(folder: folder).groups() == [])
        }
    }

    @Test func `sweeps what killed writers left, and nothing else`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder)
            try blobs.sweep()  // there is no folder yet
            let draft = try blobs.draft()
            try draft.append([1])
            let mine = try names(folder + "/tmp")
            for name in ["blob-7", "blob-8.placed", "other"] {
                try Data([2]).write(to: URL(filePath: "\(folder)/tmp/\(name)"))
            }
            try blobs.sweep()
            #expect(try names(folder + "/tmp") == (mine + ["other"]).sorted())
            #expect(try blobs.place(draft).sha256 == BlobStore.sha256([1]))
        }
    }

    @Test func `says which folder it cannot write`() throws {
        try withFolder { folder in
            let blobs = BlobStore(folder: folder + "/missing")
            let error = #expect(throws: ArtifactError.self) { try blobs.draft() }
            #expect(error == .unusable(path: folder + "/missing/tmp", detail: "there is no such file"))
        }
    }

    private func content(_ file: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(filePath: file)))
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aviary-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path())
    }
}

extension BlobStore {
    fileprivate func put(_ text: String) throws -> Blob {
        let draft = try draft()
        defer { draft.discard() }
        try draft.append(text.utf8)
        return try place(draft)
    }
}
