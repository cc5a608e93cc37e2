import Glibc

/// Writes a text to standard error, or to standard output, at once.
///
/// Whoever read it may be gone (a closed terminal, `| head`): a training or a server goes on all the same, so what
/// cannot be written is dropped.
func say(_ text: String, to descriptor: Int32 = STDERR_FILENO) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { return }
        bytes = bytes.dropFirst(count)
    }
}
