import AviaryFiles
import Foundation

extension Safetensors {
    /// Reads a file.
    public init(contentsOf path: String) throws(CheckpointError) {
        let bytes: [UInt8]
        do {
            bytes = try WholeFile.read(path)
        } catch {
            throw .unreadable(file: path, problem: error.reason)
        }
        try self.init(Data(bytes), named: path)
    }

    /// Writes a file aside, syncs it, and renames it into place: a reader sees the old one or the new one, whole.
    public func write(to path: String) throws(CheckpointError) {
        do {
            try WholeFile.write([UInt8](bytes), to: path)
        } catch {
            throw .unreadable(file: path, problem: error.reason)
        }
    }
}
