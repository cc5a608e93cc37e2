import AviaryTrackingStore
import Foundation
import Glibc
import Testing

struct RunSearchMemoryTests {
    /// In a process of its own, whose memory no other test fills.
    @Test func `runs with a large data set need little memory, however many they are`() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
            try await withServer { server in
                let (megabytes, count) = (2, 40)
                let dataset = Dataset(
                    name: "d", digest: "1", sourceType: "local", source: "s",
                    profile: String(repeating: "p", count: megabytes << 20))
                for _ in 0..<count {
                    try await server.store.logInputs(
                        try await server.begin(), datasets: [DatasetInput(dataset)], models: [])
                }
                let ask = { (limit: Int) in
                    try await onThread {
                        let body = #"{"experiment_ids":["1"],"max_results":\#(limit)}"#
                        let lines = [
                            "POST /api/2.0/mlflow/runs/search HTTP/1.1", "Host: 127.0.0.1:\(server.port)",
                            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
                            "Connection: close",
                        ]
                        let socket = try Socket(port: server.port)
                        try socket.send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n" + body).utf8))
                        var received = 0
                        while case let piece = try socket.receive(upTo: 1 << 20), !piece.isEmpty {
                            received += piece.count
                        }
                        return received
                    }
                }
                _ = try await ask(1)
                let idle = try Memory.peakOfNow()
                let received = try await ask(count)
                let used = try Memory.peak() - idle
                try FileHandle.standardError.write(contentsOf: Data("used: \(used >> 20) MiB".utf8))
                guard received > count * megabytes << 20, used < 40 << 20 else { exit(1) }
            }
        }
        let said = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(said.contains("used: "), "\(said)")
    }
}
