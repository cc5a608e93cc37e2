/// What searches of runs keep in memory from one to the next.
package struct SearchMemory: Sendable, Equatable {
    package let columnCount: Int
    /// About.
    package let byteCount: Int
}

extension SQLiteStore {
    package var searchMemory: SearchMemory { runColumns.size }

    /// Changes how many bytes searches of runs may keep.
    package func limitSearchMemory(to byteCount: Int) {
        runColumns.limit(to: byteCount)
    }
}
