import AviaryZooFiles

/// The files of the zoo inside the program.
enum ZooFile {
    /// The text of a file by its path, as `cards/NAME.md`; `nil` if there is none.
    static func text(at path: String) -> String? {
        for index in 0..<aviary_zoo_file_count() {
            let file = aviary_zoo_file(index).pointee
            guard String(cString: file.path) == path else { continue }
            let bytes = UnsafeBufferPointer(start: file.bytes, count: Int(file.count))
            return String(decoding: bytes, as: UTF8.self)
        }
        return nil
    }
}
