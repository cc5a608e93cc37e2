/// What `aviary doctor` says of a store.
package struct StoreReport: Sendable, Equatable {
    package let sqliteVersion: String
    package let journalMode: String
    package let writeAheadLogByteCount: Int64
    /// What `quick_check` found, a line each; empty if the file is sound.
    package let faults: [String]
    package let schemaVersion: Int
    package let fileSystem: String
    /// What is left on the disk for whoever is not root.
    package let freeByteCount: Int64
    package let runCount: Int
}

/// The settings a writer's connection really has.
package struct WriterSettings: Sendable, Equatable {
    package let journalMode: String
    /// 2 is FULL.
    package let synchronous: Int
    /// 0 is never.
    package let automaticCheckpoint: Int
    package let foreignKeys: Bool
    package let trustedSchema: Bool
    package let cellSizeCheck: Bool
    package let busyMilliseconds: Int
}
