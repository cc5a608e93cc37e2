/// Takes what a training has to say: the one door between the numeric wing and the record wing.
///
/// Calls return at once: a recorder writes behind and reports what went wrong at `check`, `flush` and `finish`.
/// What `flush` has returned from is on disk.
public protocol RunRecorder: Sendable {
    /// The run that is being recorded.
    var runID: RunID { get }

    /// Adds points, all measured now; they come to the store together.
    func log(_ values: [String: Double], step: Int64)

    /// Sets what the run was given; a param cannot be changed later.
    func logParams(_ params: [String: String])

    /// Sets what is said of the run; a later tag replaces an earlier one of the same key.
    func setTags(_ tags: [String: String])

    /// Adds one line to the artifact `logs/console.log`.
    func logLine(_ line: String)

    /// Keeps a file of the run under `path`, replacing an earlier one.
    func logArtifact(_ bytes: [UInt8], path: String)

    /// Throws what has gone wrong so far, without waiting: a training must not go on unrecorded.
    func check() throws(TrackingError)

    /// Waits until everything logged so far is on disk.
    func flush() async throws(TrackingError)

    /// Writes what is left, then ends the run; it is ended also where that failed.
    func finish(_ status: RunStatus) async throws(TrackingError)
}
