import Synchronization

/// Points of series in the order of time, kept from one page to the next.
///
/// Where times do not rise with steps no index has that order, and to sort a series for each of its pages takes longer
/// the more pages it has.
final class TimeOrders: Sendable {
    /// What a series has only in one state.
    struct State: Hashable {
        let series: Int64
        /// Of the transaction that changed its points last.
        let revision: Int64
    }

    private struct Entry {
        let points: [StoredPoint]
        var lastUse: Int
    }

    private struct Kept {
        var entries: [State: Entry] = [:]
        var pointCount = 0
        var useCount = 0
    }

    /// Of all series together: 24 MB.
    let pointLimit: Int
    private let kept = Mutex(Kept())

    init(pointLimit: Int = 1 << 20) {
        self.pointLimit = pointLimit
    }

    func points(_ state: State) -> [StoredPoint]? {
        kept.withLock { kept in
            kept.useCount += 1
            kept.entries[state]?.lastUse = kept.useCount
            return kept.entries[state]?.points
        }
    }

    /// Keeps what was sorted, instead of what was asked for longest ago where that is too much.
    func keep(_ points: [StoredPoint], _ state: State) {
        kept.withLock { kept in
            guard points.count <= pointLimit, kept.entries[state] == nil else { return }
            // An earlier state of the series is nobody's any longer.
            for old in kept.entries.keys where old.series == state.series { Self.remove(old, from: &kept) }
            while kept.pointCount + points.count > pointLimit,
                let oldest = kept.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                Self.remove(oldest.key, from: &kept)
            }
            kept.useCount += 1
            kept.entries[state] = Entry(points: points, lastUse: kept.useCount)
            kept.pointCount += points.count
        }
    }

    private static func remove(_ state: State, from kept: inout Kept) {
        kept.pointCount -= kept.entries.removeValue(forKey: state)?.points.count ?? 0
    }
}
