import Synchronization

/// The stores that are open in this process: one object a folder, however often it is opened.
///
/// Two objects on one folder would be two writers of one process, which the lock keeps apart but group commit
/// cannot bring together.
enum OpenStores {
    private struct Entry {
        let store: SQLiteStore
        var openCount: Int
    }

    private static let entries = Mutex<[String: Entry]>([:])

    /// The store of that folder, made if nobody has it open.
    static func take(_ files: StoreFiles, migrations: [Migration]) -> SQLiteStore {
        entries.withLock { entries in
            let store = entries[files.folder]?.store ?? SQLiteStore(files: files, migrations: migrations)
            let openCount = entries[files.folder]?.openCount ?? 0
            entries[files.folder] = Entry(store: store, openCount: openCount + 1)
            return store
        }
    }

    /// Gives one opening back; `true` if it was the last, and the store is to be closed.
    static func giveBack(_ store: SQLiteStore) -> Bool {
        entries.withLock { entries in
            guard let entry = entries[store.folder], entry.store === store else { return false }
            if entry.openCount > 1 {
                entries[store.folder] = Entry(store: store, openCount: entry.openCount - 1)
                return false
            }
            entries[store.folder] = nil
            return true
        }
    }
}
