import AviaryTracking
import AviaryTrackingStore

/// Tells one client what happened since it was told last: which runs changed, new points, new lines of a console.
///
/// All that is told has its place in the store, so that whoever comes back with the id of an event misses nothing and
/// gets nothing twice.
struct EventFollower: Sendable {
    /// An event has more points only if one transaction added them.
    private static let pointsPerEvent = 1000

    private let store: SQLiteStore
    private let runs: [RunID]
    private(set) var position: EventPosition
    private var log: LogTail?

    init(_ question: EventQuestion, _ store: SQLiteStore) async throws {
        self.store = store
        runs = question.points
        for run in runs { _ = try await store.state(of: run) }  // throws where there is none
        if let seen = question.seen {
            position = seen
        } else {
            position = EventPosition(changes: try await store.changes(since: .max).revision)
        }
        guard let run = question.log else {
            position.log = nil
            return
        }
        _ = try await store.state(of: run)
        let tail = LogTail(store, of: run)
        log = tail
        if position.log == nil { position.log = try await tail.place(at: question.logOffset) }
    }

    /// Which runs changed and which points are new since the last time; the console is told by `nextOfLog`.
    mutating func look() async throws -> [ServerSentEvent] {
        let changes = try await store.changes(since: position.changes)
        // A store that was put back from a backup begins at an earlier revision again.
        guard changes.revision >= max(position.changes, position.points) else {
            return anew(changes.revision)
        }
        var events: [ServerSentEvent] = []
        if changes.revision > position.changes {
            position.changes = changes.revision
            if runs.isEmpty { position.points = changes.revision }
            events.append(event("changes", Self.json(of: changes.runs, at: changes.revision)))
        }
        return try await events + newPoints(after: changes)
    }

    /// The next lines of the console; `nil` once all that there are were told.
    mutating func nextOfLog() async throws -> ServerSentEvent? {
        guard let place = position.log, let piece = try await log?.next(after: place) else { return nil }
        position.log = piece.place
        return event("log", json(of: piece))
    }

    /// Nothing that was told is known to hold any longer.
    private mutating func anew(_ revision: Int64) -> [ServerSentEvent] {
        (position.changes, position.points) = (revision, revision)
        let changes = event("changes", Self.json(of: nil, at: revision))
        guard !runs.isEmpty else { return [changes] }
        return [changes, event("points", Self.json(of: [], reset: runs, upTo: revision))]
    }

    private mutating func newPoints(after changes: Changes) async throws -> [ServerSentEvent] {
        guard !runs.isEmpty, position.points < changes.revision else { return [] }
        let new = try await store.newPoints(of: runs, since: position.points)
        var events: [ServerSentEvent] = []
        var rest = new.points[...]
        // With the first points: whoever hangs up after them comes back with their id, and must know of these runs.
        var reset = new.reset
        while !rest.isEmpty || !reset.isEmpty {
            let part = Self.firstPart(of: rest)
            rest = rest.dropFirst(part.count)
            position.points = rest.isEmpty ? new.revision : part.last?.revision ?? new.revision
            events.append(event("points", Self.json(of: part, reset: reset, upTo: position.points)))
            reset = []
        }
        position.points = new.revision
        return events
    }

    /// As many points as an event has, and all others of the transaction that added the last of them.
    private static func firstPart(of points: ArraySlice<NewPoint>) -> ArraySlice<NewPoint> {
        guard points.count > pointsPerEvent else { return points }
        let last = points[points.startIndex + pointsPerEvent - 1].revision
        return points.prefix { $0.revision <= last }
    }

    private func event(_ name: String, _ data: JSONValue) -> ServerSentEvent {
        ServerSentEvent(name: name, id: position, data: data)
    }

    private static func json(of runs: [RunID]?, at revision: Int64) -> JSONValue {
        [
            "revision": .integer(revision),
            "runs": runs.map { .array($0.map { .text($0.description) }) } ?? .null,
        ]
    }

    private func json(of piece: LogTail.Piece) -> JSONValue {
        [
            "run": .optional(log?.run.description),
            "from": .integer(piece.from),
            "to": .integer(piece.place.offset),
            "text": .text(piece.text),
        ]
    }

    private static func json(
        of points: ArraySlice<NewPoint>, reset: [RunID], upTo revision: Int64
    ) -> JSONValue {
        let series = Dictionary(grouping: points) { SeriesName(run: $0.run, key: Array($0.point.key.utf8)) }
        let all = series.values.sorted { ($0[0].run, $0[0].point.key) < ($1[0].run, $1[0].point.key) }
        return [
            "revision": .integer(revision),
            "series": .array(all.map { json(of: $0) }),
            "reset": .array(reset.map { .text($0.description) }),
        ]
    }

    private static func json(of series: [NewPoint]) -> JSONValue {
        let points = series.map(\.point).sorted { ($0.step, $0.timestamp) < ($1.step, $1.timestamp) }
        return [
            "run": .text(series[0].run.description),
            "key": .text(series[0].point.key),
            "points": .array(
                points.map { point in
                    [
                        "step": .integer(point.step),
                        "time": .text(point.timestamp.description),
                        "value": .number(point.value),
                    ]
                }),
        ]
    }
}

/// A key in its bytes: Swift's own equality takes texts for equal that have the same letters in other bytes.
private struct SeriesName: Hashable {
    let run: RunID
    let key: [UInt8]
}
