import ArgumentParser
import AviaryTracking
import AviaryTrackingStore

/// `aviary gc`: frees for good what was deleted long enough ago.
struct CollectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Free what was deleted long ago, and files that no run names.")

    @Option(
        name: .long, help: "Only what was deleted at least so long ago, as 12h, 30d or 4w; 0s is all.",
        transform: TrashRetention.duration)
    var olderThan = TrashRetention.standardDuration
    @Flag(name: .long, help: "Only tell what is in the trash for so long.")
    var dryRun = false
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        let folder = try store.folder(mayBeServer: false)
        let moment = Timestamp.now - olderThan
        if dryRun {
            try report(try await withStore(folder) { try await $0.expiredTrash(before: moment) })
        } else {
            try report(try await freed(from: folder, before: moment))
        }
    }

    private func freed(from folder: String, before moment: Timestamp) async throws -> FreedTrash {
        let store = try await SQLiteStore.open(folder, .write(create: false))
        do {
            let freed = try await store.freeTrash(before: moment)
            try await store.close()
            return freed
        } catch {
            try? await store.close()  // the first error is the one to tell
            throw error
        }
    }

    private func report(_ expired: ExpiredTrash) throws {
        if json {
            let counts: [String: Any] = [
                "experiments": expired.experimentCount, "runs": expired.runCount,
                "logged_models": expired.loggedModelCount, "files": expired.fileCount,
                "bytes": expired.byteCount,
            ]
            return try tell(jsonText(counts))
        }
        try tell(
            "would free \(counted(expired.experimentCount, "experiment")), \(counted(expired.runCount, "run")), "
                + "\(counted(expired.loggedModelCount, "logged model")) and \(counted(expired.fileCount, "file")) "
                + "of \(mebibytes(expired.byteCount))")
    }

    private func report(_ freed: FreedTrash) throws {
        let blobs = freed.blobs
        if json {
            let counts: [String: Any] = [
                "experiments": freed.experimentCount, "runs": freed.runCount,
                "logged_models": freed.loggedModelCount, "files": freed.fileCount,
                "blobs": blobs.count, "blob_bytes": blobs.byteCount,
            ]
            return try tell(jsonText(counts))
        }
        try tell(
            "freed \(counted(freed.experimentCount, "experiment")), \(counted(freed.runCount, "run")), "
                + "\(counted(freed.loggedModelCount, "logged model")) and \(counted(freed.fileCount, "file")); "
                + "\(counted(blobs.count, "blob")) of \(mebibytes(blobs.byteCount))")
    }

    private func mebibytes(_ byteCount: Int64) -> String { "\(fixed(Double(byteCount) / 1_048_576, 1)) MiB" }

    private func counted(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}
