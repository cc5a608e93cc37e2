import ArgumentParser
import AviaryCatalogue
import AviaryDatasets
import AviaryZoo
import Foundation

/// `aviary predict`: asks a model about images.
struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict", abstract: "Classify PNG or JPEG images.")

    @Argument(help: "A model of the zoo, or a weights file.")
    var model: String
    @Argument(help: "The images.")
    var images: [String]
    @Flag(name: .long, help: "Print a JSON array.")
    var json = false
    @OptionGroup var store: StoreOption

    func validate() throws {
        guard !images.isEmpty else { throw ValidationError("Name at least one image.") }
    }

    func run() throws {
        try requireProcessors()
        let classifier = try TrainedClassifier(contentsOf: try weightsFile(model))
        var answers: [[String: Any]] = []
        for image in images {
            let classes = classifier.predict(try ImageDecoder.decode(file: image))
            answers.append([
                "image": image,
                "classes": classes.map {
                    ["class": $0.className, "probability": jsonNumber($0.probability)] as [String: Any]
                },
            ])
            guard !json, let best = classes.first else { continue }
            try tell("\(image)\t\(best.className)\t\(fixed(best.probability, 4))")
        }
        if json { try tell(jsonText(answers)) }
    }
}
