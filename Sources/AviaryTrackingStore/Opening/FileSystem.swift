import AviaryTracking
import CAviarySQLite
import Glibc

/// The file systems whose locks and shared memory SQLite's write-ahead log can trust.
enum FileSystem {
    /// Source: `statfs(2)`, the list of magic numbers.
    private static let good: [UInt32: String] = [
        0xEF53: "ext", 0x5846_5342: "xfs", 0x9123_683E: "btrfs", 0x0102_1994: "tmpfs", 0x794C_7630: "overlay",
        0x2FC1_2FC1: "zfs", 0xF2F5_2010: "f2fs",
    ]

    private static let others: [UInt32: String] = [
        0x6969: "nfs", 0x517B: "smb", 0xFE53_4D42: "smb2", 0xFF53_4D42: "cifs", 0x6573_5546: "fuse",
        0x0102_1997: "9p", 0x786F_4256: "vboxsf", 0x4D44: "vfat", 0x2011_BAB0: "exfat", 0x8584_58F6: "ramfs",
    ]

    /// The name of the file system that holds `path`, refused unless it is known as good.
    @discardableResult
    static func check(_ path: String) throws(StoreProblem) -> String {
        let magic = try Self.magic(of: path)
        if let name = good[magic] { return name }
        throw .unsuitableFileSystem(path: path, name: name(of: magic))
    }

    /// The name, good or not.
    static func name(at path: String) throws(StoreProblem) -> String {
        let magic = try Self.magic(of: path)
        return good[magic] ?? name(of: magic)
    }

    /// Refuses when the disk has less room than that.
    static func checkSpace(_ byteCount: Int64, at path: String) throws(StoreProblem) {
        guard try freeByteCount(at: path) >= byteCount else { throw .full(path: path) }
    }

    /// The room that is left for whoever is not root.
    static func freeByteCount(at path: String) throws(StoreProblem) -> Int64 {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { throw StoreFiles.failure(path) }
        let free = Int64(clamping: info.f_bavail).multipliedReportingOverflow(
            by: Int64(clamping: info.f_frsize))
        return free.overflow ? .max : free.partialValue
    }

    private static func magic(of path: String) throws(StoreProblem) -> UInt32 {
        var magic: UInt32 = 0
        let code = aviary_file_system_magic(path, &magic)
        guard code == 0 else {
            throw .unusable(path: path, detail: String(cString: strerror(code)))
        }
        return magic
    }

    private static func name(of magic: UInt32) -> String {
        others[magic] ?? "0x" + String(magic, radix: 16)
    }
}
