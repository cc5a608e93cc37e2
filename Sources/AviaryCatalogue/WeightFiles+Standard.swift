import Foundation

extension WeightFiles {
    /// The folders that every command of Aviary looks in.
    ///
    /// `AVIARY_ZOO`, then `../share/aviary/zoo` beside the program, then the checkout that the program or the
    /// working folder is in, then the cache, `$XDG_CACHE_HOME/aviary/zoo`.
    public static func standard() -> WeightFiles {
        let program = Bundle.main.executablePath.map { path in
            URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        }
        return standard(
            environment: ProcessInfo.processInfo.environment, program: program,
            workingFolder: FileManager.default.currentDirectoryPath)
    }

    /// The same from what is given; `program` is the program's path without symbolic links.
    package static func standard(
        environment: [String: String], program: String?, workingFolder: String
    ) -> WeightFiles {
        var folders: [String] = []
        if let named = environment["AVIARY_ZOO"], !named.isEmpty { folders.append(named) }
        let programFolders = program.map { ancestors(of: $0) } ?? []
        if programFolders.count > 1 { folders.append("\(programFolders[1])/share/aviary/zoo") }
        let places = programFolders + [workingFolder] + ancestors(of: workingFolder)
        let checkout = places.first(where: isCheckout)
        if let checkout { folders.append("\(checkout)/zoo") }
        return WeightFiles(folders: folders, cache: cache(environment, workingFolder))
    }

    private static func cache(_ environment: [String: String], _ workingFolder: String) -> String {
        // XDG Base Directory: "All paths set in these environment variables must be absolute. If an
        // implementation encounters a relative path [...] it should consider the path invalid and ignore it."
        if let named = environment["XDG_CACHE_HOME"], named.hasPrefix("/") { return "\(named)/aviary/zoo" }
        return "\(environment["HOME"] ?? workingFolder)/.cache/aviary/zoo"
    }

    private static func isCheckout(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(folder)/Package.swift")
            && FileManager.default.fileExists(atPath: "\(folder)/zoo/catalogue.yml")
    }

    /// The folders a path is in, the innermost first, without the root.
    private static func ancestors(of path: String) -> [String] {
        var folders: [String] = []
        var rest = path[...]
        while let slash = rest.lastIndex(of: "/"), slash != rest.startIndex {
            rest = rest[..<slash]
            folders.append(String(rest))
        }
        return folders
    }
}
