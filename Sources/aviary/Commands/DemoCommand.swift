import ArgumentParser
import AviaryTracking
import AviaryTrackingStore

/// `aviary demo`: fills a store with a few real, short trainings.
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Fill a store with a few short trainings, for looking around.")

    @Flag(name: .long, help: "Print the runs as a JSON array at the end.")
    var json = false
    @OptionGroup var store: StoreOption

    private static let trainings = [
        ["mlp-fashion-mnist", "--name", "mlp", "--set", "training.epochs=2"],
        [
            "mlp-fashion-mnist", "--name", "mlp, slow", "--set", "training.epochs=2", "--set",
            "training.learning-rate=0.02",
        ],
        [
            "mlp-fashion-mnist", "--name", "mlp, wide", "--set", "training.epochs=2", "--set",
            "model.hidden=256",
        ],
        ["resnet8-fashion-mnist", "--name", "resnet8, one epoch", "--set", "training.epochs=1"],
    ]

    func run() async throws {
        let folder = try store.folder()
        for training in Self.trainings {
            let arguments = training + ["--experiment", "demo", "--store", folder]
            try await TrainCommand.parse(arguments).run()
        }
        guard !json else {
            let runs = try await withStore(folder) {
                try await $0.runs(experiment: "demo", limit: 1000, cursor: nil).runs
            }
            return try tell(jsonText(runs.map(\.json)))
        }
        try tell("Look around: aviary serve --store \(folder)")
    }
}
