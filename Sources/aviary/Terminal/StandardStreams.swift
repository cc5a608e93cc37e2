import Glibc

/// Tells on standard error how work goes on.
///
/// Whoever read it may be gone (`| head`): a training goes on all the same, so what cannot be written is dropped.
func say(_ text: String) {
    _ = write(text, to: STDERR_FILENO)
}

/// Writes a command's result, a line or more, to standard output at once.
///
/// A reader that has seen enough (`| head`) is no fault; a full disk is.
func tell(_ text: String) throws {
    let number = write(text + "\n", to: STDOUT_FILENO)
    guard number == 0 || number == EPIPE else {
        throw CommandFailure("cannot write the result: \(String(cString: strerror(number)))")
    }
}

/// The system's error number, 0 if all was written.
private func write(_ text: String, to descriptor: Int32) -> Int32 {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 {
            bytes = bytes.dropFirst(count)
        } else if errno != EINTR {
            return errno
        }
    }
    return 0
}
