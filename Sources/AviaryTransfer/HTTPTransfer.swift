import CAviaryCurl

/// How a transfer over http ended.
struct HTTPOutcome {
    let code: CURLcode
    /// The last status; 0 if there was no answer.
    let status: Int
    /// The body's length as the server declared it; -1 if it did not.
    let declaredByteCount: Int64
    /// What libcurl says of a failure.
    let detail: String
}

/// One GET through libcurl; blocks its thread.
struct HTTPTransfer {
    /// Takes a piece of the body and the answer's status; an error ends the transfer.
    typealias Receive = (UnsafeRawBufferPointer, Int) throws(TransferError) -> Void

    let address: String
    /// How many bytes at the beginning are here already.
    let offset: Int64

    func run(_ cancellation: Cancellation, receive: @escaping Receive) throws(TransferError) -> HTTPOutcome {
        let text = UnsafeMutablePointer<CChar>.allocate(capacity: Int(CURL_ERROR_SIZE))
        text.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        defer { text.deallocate() }  // after the handle, which may write to it until it is gone
        guard let handle = curl_easy_init() else {
            throw .unreachable(address: address, detail: "libcurl cannot start")
        }
        defer { curl_easy_cleanup(handle) }
        let sink = Sink(handle: handle, cancellation: cancellation, receive: receive)

        let prepared = prepare(handle, sink, text)
        let code = prepared == CURLE_OK ? curl_easy_perform(handle) : prepared
        if let failure = sink.failure { throw failure }
        let words = String(cString: text)
        return HTTPOutcome(
            code: code, status: Int(aviary_curl_status(handle)),
            declaredByteCount: Int64(aviary_curl_declared_length(handle)),
            detail: words.isEmpty ? String(cString: curl_easy_strerror(code)) : words)
    }

    private func prepare(
        _ handle: UnsafeMutableRawPointer, _ sink: Sink, _ text: UnsafeMutablePointer<CChar>
    ) -> CURLcode {
        let texts: [(CURLoption, String)] = [
            (CURLOPT_URL, address),
            (CURLOPT_PROTOCOLS_STR, "http,https"),
            (CURLOPT_REDIR_PROTOCOLS_STR, "http,https"),
            (CURLOPT_USERAGENT, "aviary"),
        ]
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_NOSIGNAL, 1),  // several threads: no SIGALRM
            (CURLOPT_FAILONERROR, 1),  // the body of a 404 is not the file
            (CURLOPT_FOLLOWLOCATION, 1),
            (CURLOPT_MAXREDIRS, 5),
            (CURLOPT_CONNECTTIMEOUT, 15),
            (CURLOPT_LOW_SPEED_LIMIT, 1),
            (CURLOPT_LOW_SPEED_TIME, 30),
        ]
        let context = Unmanaged.passUnretained(sink).toOpaque()
        var codes = texts.map { aviary_curl_set_text(handle, $0.0, $0.1) }
        codes += numbers.map { aviary_curl_set_number(handle, $0.0, $0.1) }
        if offset > 0 { codes.append(aviary_curl_set_text(handle, CURLOPT_RANGE, "\(offset)-")) }
        codes.append(aviary_curl_set_error_text(handle, text))
        codes.append(
            aviary_curl_on_body(
                handle,
                { bytes, size, count, context in
                    Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().take(bytes, size * count)
                }, context))
        codes.append(
            aviary_curl_on_progress(
                handle,
                { context, _, _, _, _ in
                    Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue().cancellation.isCancelled ? 1 : 0
                }, context))
        return codes.first { $0 != CURLE_OK } ?? CURLE_OK
    }

    /// What libcurl's callbacks work on.
    private final class Sink {
        let handle: UnsafeMutableRawPointer
        let cancellation: Cancellation
        let receive: Receive
        var failure: TransferError?

        init(handle: UnsafeMutableRawPointer, cancellation: Cancellation, receive: @escaping Receive) {
            self.handle = handle
            self.cancellation = cancellation
            self.receive = receive
        }

        /// Returns how many bytes were taken; libcurl stops at fewer than it gave.
        func take(_ bytes: UnsafeMutablePointer<CChar>, _ count: Int) -> Int {
            do throws(TransferError) {
                let piece = UnsafeRawBufferPointer(start: bytes, count: count)
                try receive(piece, Int(aviary_curl_status(handle)))
                return count
            } catch {
                failure = error
                return 0
            }
        }
    }
}
