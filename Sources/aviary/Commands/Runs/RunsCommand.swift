import ArgumentParser

/// `aviary runs`: questions about recorded runs.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs", abstract: "List, show and compare recorded runs.",
        subcommands: [RunsList.self, RunsShow.self, RunsCompare.self])
}
