import ArgumentParser
import AviarySearchGrammar
import AviaryTracking
import AviaryTrackingStore

/// `aviary runs list`: the runs that fit a filter.
struct RunsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List runs that fit, newest first.")

    @Option(name: .long, help: "Only those of this experiment.")
    var experiment: String?
    @Option(
        name: .long,
        help: """
            Only those that fit, as "metrics.loss < 0.1 AND params.lr > 0.001 AND start_time > now() - 2h".
            """)
    var filter: String?
    @Option(
        name: .long,
        help: "By these keys, as 'metrics.loss' or 'params.lr DESC, start_time'; earlier ones weigh more.")
    var orderBy: [String] = []
    @Option(name: .long, help: "At most so many.")
    var limit = 100
    @Flag(name: .long, help: "Print a JSON array.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        let question = try RunListQuestion(
            experiment: experiment, filter: filter ?? "", order: orderBy, limit: limit)
        let runs = try await withStore(try store.folder()) { try await question.runs(in: $0) }
        guard !json else { return try tell(jsonText(runs.map(\.json))) }
        let rows = runs.map { run in
            [
                String(run.id.description.prefix(8)), run.name, run.experiment,
                run.status.rawValue + (run.isStale ? " (stale)" : ""), run.startTime.description,
                run.metrics["test/accuracy"].map { fixed($0.last, 4) } ?? "",
                run.metrics["train/loss"].map { fixed($0.last, 4) } ?? "",
            ]
        }
        try printTable(
            ["RUN", "NAME", "EXPERIMENT", "STATUS", "STARTED", "TEST/ACCURACY", "TRAIN/LOSS"], rows)
    }
}

/// What is asked of the store, read before it is opened.
private struct RunListQuestion: Sendable {
    private let experiment: String?
    private let filter: SearchTree<RunTest>
    private let order: [SearchOrder<RunField>]
    private let limit: Int

    init(experiment: String?, filter: String, order: [String], limit: Int) throws {
        self.experiment = experiment
        self.limit = limit
        let now = Timestamp.now.milliseconds
        self.filter = try Self.read("--filter") { () throws(SearchError) in
            try RunSearch.filter(filter, dialect: .native, now: now)
        }
        self.order = try Self.read("--order-by") { () throws(SearchError) in
            try RunSearch.order(order, dialect: .native)
        }
    }

    func runs(in store: SQLiteStore) async throws(TrackingError) -> [Run] {
        guard filter != .everything || !order.isEmpty else {
            return try await store.runs(experiment: experiment, limit: limit, cursor: nil).runs
        }
        var question = RunQuestion(experiments: nil, filter: filter, order: order, limit: limit)
        if let experiment { question.experiments = try await store.experiments(named: experiment) }
        // Nothing is in memory, and nobody else waits: also a large filter has the time of an ordinary one.
        return try await store.searchRuns(question, time: SearchTime(limit: .seconds(2))).things
    }

    private static func read<Value>(
        _ option: String, _ read: () throws(SearchError) -> Value
    ) throws -> Value {
        do {
            return try read()
        } catch {
            throw CommandFailure("\(option): \(error)")
        }
    }
}
