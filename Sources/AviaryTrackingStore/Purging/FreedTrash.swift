/// What of the trash was freed.
package struct FreedTrash: Sendable, Equatable {
    package var experimentCount = 0
    package var runCount = 0
    package var loggedModelCount = 0
    /// Names of files; their bytes are among the blobs where no other name stood for them.
    package var fileCount = 0
    package var blobs = CollectedBlobs()

    package init() {}

    static func += (left: inout FreedTrash, right: FreedTrash) {
        left.experimentCount += right.experimentCount
        left.runCount += right.runCount
        left.loggedModelCount += right.loggedModelCount
        left.fileCount += right.fileCount
        left.blobs.count += right.blobs.count
        left.blobs.byteCount += right.blobs.byteCount
    }
}

/// What of the trash is there for longer than it is kept.
package struct ExpiredTrash: Sendable, Equatable {
    package internal(set) var experimentCount = 0
    package internal(set) var runCount = 0
    package internal(set) var loggedModelCount = 0
    /// The files of these runs and models, also those that registered versions use.
    package internal(set) var fileCount = 0
    package internal(set) var byteCount: Int64 = 0
}
