import AviaryTrackingStore

/// Opens the store for reading, asks, and closes it.
func withStore<Answer: Sendable>(
    _ folder: String, _ ask: (SQLiteStore) async throws -> Answer
) async throws -> Answer {
    let store = try await SQLiteStore.open(folder, .read)
    if let before = store.schemaBeforeOpening {
        say("the store was brought from schema \(before) to today's\n")
    }
    do {
        let answer = try await ask(store)
        try await store.close()
        return answer
    } catch {
        try await store.close()
        throw error
    }
}
