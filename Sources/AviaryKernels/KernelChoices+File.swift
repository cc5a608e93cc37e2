import AviaryFiles
import CAviaryKernels
import CAviaryOneDNN

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension KernelChoices {
    /// The file of this kind of processor, instruction sets and version of oneDNN in the user's cache; `nil` without a
    /// home.
    static func standardFile() -> String? {
        func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }
        let named = value("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let cache = named ?? value("HOME").map({ "\($0)/.cache" }) else { return nil }
        let facts = [
            aviary_processor_name(), aviary_onednn_isa(), aviary_instructions_name(), aviary_onednn_version(),
        ]
        let name = facts.compactMap { $0.map { String(cString: $0) } }.joined(separator: "-")
        let safe = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == ".") ? $0 : "-" }
        return "\(cache)/aviary/kernels/\(String(safe)).tsv"
    }
}

extension KernelChoices.State {
    /// A line of the file is a key, the choice, and what there was to choose from, with tabs between.
    mutating func readOnce(_ file: String?) {
        guard !hasRead, let file else { return }
        hasRead = true
        do throws(FileError) {
            try take(WholeFile.read(file), of: file)
        } catch {
            if case .missing = error { return }
            problem = error
        }
    }

    private mutating func take(_ bytes: [UInt8], of file: String) throws(FileError) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            let names = parts.last?.split(separator: " ").map(String.init) ?? []
            guard parts.count == 3, names.contains(parts[1]) else {
                throw .unusable(
                    path: file, reason: "\"\(line)\" is no line of a key, a choice and what to choose from")
            }
            if known[parts[0]] == nil { known[parts[0]] = .init(choice: parts[1], names: names) }
        }
    }

    /// Writes everything known, with what other programs have written meanwhile.
    mutating func write(to file: String?) {
        guard let file else { return }
        do throws(FileError) {
            try WholeFile.makeFolders(for: file)
            do throws(FileError) {
                try take(WholeFile.read(file), of: file)
            } catch {
                guard case .missing = error else { throw error }
            }
            let lines = known.sorted { $0.key < $1.key }.map { key, known in
                "\(key)\t\(known.choice)\t\(known.names.joined(separator: " "))\n"
            }
            let text = lines.joined()
            try WholeFile.write(Array(text.utf8), to: file)
        } catch {
            problem = error
        }
    }
}
