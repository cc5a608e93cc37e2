import AviaryFiles

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reading files and folders, with the system's reason when it refuses.
enum DataFile {
    /// Every byte of the file at `path`.
    static func bytes(of path: String, remedy: String) throws(DatasetError) -> [UInt8] {
        do {
            return try WholeFile.read(path)
        } catch .missing {
            throw .missing(path: path, remedy: remedy)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
    }

    static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder in the order of their bytes, which no locale changes; hidden ones are left out.
    static func names(in folder: String, remedy: String) throws(DatasetError) -> [String] {
        do {
            return try Folder.names(in: folder).filter { !$0.hasPrefix(".") }
        } catch .missing {
            throw .missing(path: folder, remedy: remedy)
        } catch {
            throw .unreadable(path: folder, reason: error.reason)
        }
    }
}
