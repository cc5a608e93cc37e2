import ArgumentParser
import AviaryTraining
import AviaryZoo
import Foundation

/// `aviary evaluate`: measures a model of the zoo, or a weights file, on its test images.
struct EvaluateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate", abstract: "Measure a model on the test images of its data set.")

    @Argument(help: "A model of the zoo, or a weights file.")
    var model: String
    @Option(name: .long, help: "Read the images from this folder.")
    var data: String?
    @Flag(name: .long, help: "Print JSON.")
    var json = false
    @OptionGroup var store: StoreOption

    func run() async throws {
        try requireProcessors()
        let classifier = try TrainedClassifier(contentsOf: try weightsFile(model))
        let figures = try await classifier.evaluated(dataFolder: data)
        guard !json else {
            return try tell(
                try jsonText([
                    "model": model,
                    "metrics": ["test/accuracy": figures.accuracy, "test/loss": jsonNumber(figures.loss)],
                ]))
        }
        try tell("test accuracy \(fixed(figures.accuracy * 100, 2)) %, loss \(fixed(figures.loss, 4))")
    }
}
