import AviaryFiles
import Foundation
import Testing

struct WholeFileTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try body(folder)
    }

    @Test(arguments: [0, 1, 100_000])
    func `what was written is read, and nothing stays beside it`(count: Int) throws {
        try withFolder { folder in
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 31) }
            try WholeFile.write([1, 2, 3], to: folder + "/file")
            try WholeFile.write(bytes, to: folder + "/file")
            #expect(try WholeFile.read(folder + "/file") == bytes)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
        }
    }

    @Test func `what cannot be read says why`() throws {
        try withFolder { folder in
            let missing = #expect(throws: FileError.self) { try WholeFile.read(folder + "/none") }
            #expect(missing?.description == "\(folder)/none: there is no such file")
            let wrong = #expect(throws: FileError.self) { try WholeFile.read(folder) }
            #expect(wrong?.description == "\(folder): it is not a regular file")
        }
    }

    @Test func `what cannot be written says why and leaves the old file`() throws {
        try withFolder { folder in
            let place = #expect(throws: FileError.self) {
                try WholeFile.write([1], to: folder + "/none/file")
            }
            #expect(place?.description == "\(folder)/none/file: there is no folder \(folder)/none")
            try FileManager.default.createDirectory(
                atPath: folder + "/taken", withIntermediateDirectories: false)
            let taken = #expect(throws: FileError.self) { try WholeFile.write([1], to: folder + "/taken") }
            #expect(taken?.reason == "Is a directory")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
        }
    }

    @Test func `a full disk says what to do`() throws {
        // Every write to this device fails with ENOSPC.
        let descriptor = open("/dev/full", O_WRONLY)
        defer { close(descriptor) }
        #expect(Glibc.write(descriptor, [UInt8](repeating: 0, count: 1), 1) == -1)
        let error = FileError.last("/disk/file")
        #expect(
            error.description
                == "/disk/file: no space left on its disk; free some and run the same command again")
    }
}
