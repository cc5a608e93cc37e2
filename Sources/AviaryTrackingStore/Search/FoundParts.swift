package import AviaryTracking
import GRDB

/// What a search found, to be read a part at a time while it is told.
///
/// Each part is read in a transaction that is soon over, and has few megabytes unless one thing alone has more: so a
/// long answer needs little memory, and the whole of it is no single state of the store.
package struct FoundParts<Thing: Sendable>: Sendable {
    /// A thing, and about what its texts take that none before it has.
    typealias Sized = (thing: Thing, byteCount: Int)

    private static var thingsPerPart: Int { 250 }
    private static var bytesPerPart: Int { 4 << 20 }

    /// Whether more fit than were asked for.
    package let hasMore: Bool
    private var rest: ArraySlice<Int64>
    private let readers: Readers
    private let read: @Sendable (Int64, Database) throws -> Sized?

    /// Of what was found, and one more if more fit; `read` puts together what stands in a row, `nil` if that is gone for
    /// good since.
    init(
        _ rows: [Int64], limit: Int, _ readers: Readers,
        read: @escaping @Sendable (Int64, Database) throws -> Sized?
    ) {
        hasMore = rows.count > limit
        rest = rows.prefix(limit)
        (self.readers, self.read) = (readers, read)
    }

    /// The next things; none at the end.
    package mutating func next() async throws(TrackingError) -> [Thing] {
        while !rest.isEmpty {
            let (things, rowCount) = try await readers.read { [rest, read] db in
                try Self.part(of: rest) { try read($0, db) }
            }
            rest = rest.dropFirst(rowCount)
            guard things.isEmpty else { return things }
        }
        return []
    }

    /// All that is left, in memory.
    package func whole() async throws(TrackingError) -> Found<Thing> {
        var parts = self
        var things: [Thing] = []
        while case let part = try await parts.next(), !part.isEmpty { things += part }
        return Found(things: things, hasMore: hasMore)
    }

    private static func part(
        of rows: ArraySlice<Int64>, _ read: (Int64) throws -> Sized?
    ) rethrows -> (things: [Thing], rowCount: Int) {
        var things: [Thing] = []
        var (rowCount, byteCount) = (0, 0)
        for row in rows.prefix(thingsPerPart) {
            rowCount += 1
            guard let found = try read(row) else { continue }
            things.append(found.thing)
            byteCount += found.byteCount
            if byteCount >= bytesPerPart { break }
        }
        return (things, rowCount)
    }
}

extension [ExactKey: String] {
    /// Of all keys and values.
    var byteCount: Int { reduce(0) { $0 + $1.key.text.utf8.count + $1.value.utf8.count } }
}
