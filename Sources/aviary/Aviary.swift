import ArgumentParser

/// The program: an experiment tracker and a zoo of reference models.
@main
struct Aviary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aviary",
        abstract: "Trains reference models, records runs, and shows both.",
        version: Version.current)
}
