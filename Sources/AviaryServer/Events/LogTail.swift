import AviaryTracking
import AviaryTrackingStore

/// Reads a run's console from where it was read last.
///
/// The file is replaced by a longer one again and again. It is the same log if what stands before the place is what
/// stood there; otherwise it is told from its beginning.
struct LogTail: Sendable {
    private static let path = "logs/console.log"
    private static let pieceByteCount = 64 << 10
    /// So many bytes before the place are looked at.
    private static let checkedByteCount: Int64 = 256

    /// Some of a log.
    struct Piece: Sendable {
        let from: Int64
        let text: String
        let place: EventPosition.LogPlace
    }

    let store: SQLiteStore
    let run: RunID
    /// The file that was read to its end.
    private var finished: String?

    init(_ store: SQLiteStore, of run: RunID) {
        (self.store, self.run) = (store, run)
    }

    /// The place at so many bytes, or at the end of the log.
    func place(at offset: Int64?) async throws -> EventPosition.LogPlace {
        guard let log = try await log() else { return Self.beginning }
        let offset = min(offset ?? log.byteCount, log.byteCount)
        let start = max(0, offset - Self.checkedByteCount)
        let before = try await store.bytes(of: log, from: start, count: Int(offset - start))
        return before.map { .init(offset: offset, check: Self.check($0[...])) } ?? Self.beginning
    }

    /// What follows, whole lines where they are not very long; `nil` if there is nothing yet.
    mutating func next(after place: EventPosition.LogPlace) async throws -> Piece? {
        guard let log = try await log(), log.sha256 != finished else { return nil }
        // A client may say that it had more than there is.
        guard place.offset <= log.byteCount else { return try await next(after: Self.beginning) }
        let start = max(0, place.offset - Self.checkedByteCount)
        let before = Int(place.offset - start)
        guard let bytes = try await store.bytes(of: log, from: start, count: before + Self.pieceByteCount)
        else { return nil }  // replaced meanwhile, of which we shall hear
        guard Self.check(bytes.prefix(before)) == place.check else {
            return try await next(after: Self.beginning)
        }
        let rest = bytes.dropFirst(before)
        let isEnd = place.offset + Int64(rest.count) == log.byteCount
        let isWhole = isEnd ? try await isOver() : true
        let text = Self.lines(rest, mayEndAnywhere: isWhole)
        if text.count == rest.count, isEnd { finished = log.sha256 }
        guard !text.isEmpty else { return nil }
        let told = bytes.prefix(before + text.count)
        let check = Self.check(told.suffix(Int(Self.checkedByteCount)))
        let end = place.offset + Int64(text.count)
        return Piece(
            from: place.offset, text: String(decoding: text, as: UTF8.self),
            place: .init(offset: end, check: check))
    }

    private static var beginning: EventPosition.LogPlace { .init(offset: 0, check: check([])) }

    private func log() async throws -> Artifact? {
        do throws(TrackingError) {
            return try await store.artifactFile(run, path: Self.path).0
        } catch {
            switch error {
            case .artifactNotFound, .runNotFound: return nil
            default: throw error
            }
        }
    }

    /// Whether no line goes on.
    private func isOver() async throws -> Bool {
        try await store.run(run).status.isTerminal
    }

    /// Up to the last line break; where there is none and the text may end anywhere, up to a whole character.
    private static func lines(_ bytes: ArraySlice<UInt8>, mayEndAnywhere: Bool) -> ArraySlice<UInt8> {
        if let end = bytes.lastIndex(of: 10) { return bytes[...end] }
        guard mayEndAnywhere else { return [] }
        // A character of UTF-8 has four bytes at most, of which the first alone does not begin with the bits 10.
        guard let start = bytes.suffix(4).lastIndex(where: { $0 & 0b1100_0000 != 0b1000_0000 }),
            start > bytes.startIndex
        else { return bytes }
        let length = bytes[start] < 0x80 ? 1 : bytes[start] < 0xE0 ? 2 : bytes[start] < 0xF0 ? 3 : 4
        return bytes.endIndex - start < length ? bytes[..<start] : bytes
    }

    /// FNV-1a: nobody gains by a log that has it in common with another.
    private static func check(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
    }
}
