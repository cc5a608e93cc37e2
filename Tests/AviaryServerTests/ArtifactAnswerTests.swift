import AviaryArtifacts
import AviaryServer
import AviaryTracking
import AviaryTrackingStore
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore
import Testing

struct ArtifactAnswerTests {
    private static let request = Request(
        head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/"),
        body: RequestBody(buffer: ByteBuffer()))

    /// A file that is kept, and one whose bytes are freed, as they are if another has taken its name.
    private static func withFiles(
        _ body: (_ kept: (Artifact, file: String), _ freed: (Artifact, file: String)) async throws -> Void
    ) async throws {
        try await withServer { server in
            let blobs = BlobStore(folder: server.folder + "/store")
            let run = try await server.begin()
            let kept = try await server.store.storeArtifact(run, path: "a", bytes: [1, 2, 3])
            let freed = Artifact(path: "a", byteCount: 2, sha256: BlobStore.sha256([1, 2]))
            try await body((kept, blobs.file(of: kept.sha256)), (freed, blobs.file(of: freed.sha256)))
        }
    }

    @Test func `a file that is replaced while it is asked for is answered as it is then`() async throws {
        try await Self.withFiles { kept, freed in
            var count = 0
            let answer = try await ArtifactAnswer.response(to: Self.request) {
                count += 1
                return count == 1 ? freed : kept
            }
            #expect(answer.status == .ok)
            #expect(answer.headers[.eTag] == "\"\(kept.0.sha256)\"")
            #expect(count == 2)
        }
    }

    @Test func `one that is deleted meanwhile is told to be missing`() async throws {
        try await Self.withFiles { _, freed in
            var count = 0
            let missing = TrackingError.artifactNotFound(run: "r", path: "a")
            await #expect(throws: missing) {
                try await ArtifactAnswer.response(to: Self.request) {
                    count += 1
                    guard count == 1 else { throw missing }
                    return freed
                }
            }
        }
    }

    @Test func `one that has lost its bytes is not looked for again and again`() async throws {
        try await Self.withFiles { _, freed in
            var count = 0
            await #expect(throws: (any Error).self) {
                try await ArtifactAnswer.response(to: Self.request) {
                    count += 1
                    return freed
                }
            }
            #expect(count == 2)
        }
    }
}
