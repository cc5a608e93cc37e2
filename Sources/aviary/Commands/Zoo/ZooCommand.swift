import ArgumentParser

/// `aviary zoo`: the models that were trained here.
struct ZooCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zoo", abstract: "List, show, download and verify models.",
        subcommands: [ZooList.self, ZooShow.self, ZooPull.self, ZooVerify.self])
}
