import ArgumentParser
import Foundation

/// The program: an experiment tracker and a zoo of reference models.
@main
struct Aviary: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aviary",
        abstract: "Trains reference models, records runs, and shows both.",
        version: Version.current,
        subcommands: [
            TrainCommand.self, EvaluateCommand.self, PredictCommand.self, ProfileCommand.self,
            RunsCommand.self, ServeCommand.self, ZooCommand.self, DemoCommand.self, DoctorCommand.self,
            CollectCommand.self,
        ])

    /// Runs the command; what goes wrong is one line on standard error.
    static func main() async {
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch let error where error is ExitCode || error is CleanExit || error is ValidationError {
            exit(withError: error)
        } catch {
            guard exitCode(for: error) == .failure, !isParserError(error) else { exit(withError: error) }
            say("error: \(error)\n")
            Foundation.exit(1)
        }
    }

    /// ArgumentParser's own errors know their message and code 64.
    private static func isParserError(_ error: any Error) -> Bool {
        String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
