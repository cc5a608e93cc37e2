import AviaryFiles
import Foundation
import Testing

struct HexadecimalTests {
    @Test func `a byte is two lower-case digits`() {
        #expect(Hexadecimal.text(of: [UInt8]()) == "")
        #expect(Hexadecimal.text(of: [0, 9, 16, 171, 255] as [UInt8]) == "000910abff")
    }
}

struct FolderTests {
    @Test func `names come in the order of their bytes`() throws {
        let folder = NSTemporaryDirectory() + "aviary-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try Folder.make(folder))
        #expect(try !Folder.make(folder))
        #expect(try Folder.names(in: folder) == [])
        for name in ["b", "B", ".a", "é"] { _ = try Folder.make("\(folder)/\(name)") }
        #expect(try Folder.names(in: folder) == [".a", "B", "b", "é"])
        #expect(throws: FileError.missing(path: folder + "/none")) { try Folder.names(in: folder + "/none") }
        #expect(throws: FileError.missing(path: folder + "/none/x")) { try Folder.make(folder + "/none/x") }
    }
}
