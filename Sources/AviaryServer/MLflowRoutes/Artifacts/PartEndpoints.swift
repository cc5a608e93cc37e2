import AviaryArtifacts
import AviaryTracking
import AviaryTrackingStore
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The endpoints through which clients send a large file in parts, several at a time.
///
/// Clients do so where they are told to by a setting of theirs: this server takes whole files of any size as they come,
/// and a part goes to an address of its own, without what a proxy may want to see of its sender.
struct PartEndpoints {
    private static let path = "/2.0/mlflow-artifacts/mpu"
    /// What other storage takes of a file.
    private static let partLimit: Int64 = 10_000

    let store: SQLiteStore

    var all: [MLflowEndpoint] { [create, put, complete, abort] }

    private var create: MLflowEndpoint {
        let address = "\(Self.path)/create"
        return MLflowEndpoint(.post, at: address + "/**") { [store] request, context in
            let folder = try request.wirePath(after: address)
            let fields = try await request.wireFields(bodyLimit: MLflowEndpoint.bodyLimit, context)
            let name = try Self.name(try fields.text(required: "path"), in: folder)
            let count = try fields.integer(required: "num_parts")
            guard (1...Self.partLimit).contains(count) else {
                throw MLflowError.invalidValue(
                    .integer(count), for: "num_parts", "It should be from 1 to \(Self.partLimit).")
            }
            let id = try await store.beginParts(of: name, count: Int(count))
            let credentials = (1...count).map { number -> WireObject in
                [
                    "url": .text("\(request.ownAddress)/api\(Self.path)/part/\(id)/\(number)"),
                    "part_number": .integer(number),
                ]
            }
            let answer: WireObject = ["upload_id": .text(id), "credentials": .list(credentials)]
            return .json(answer.json)
        }
    }

    private var put: MLflowEndpoint {
        MLflowEndpoint(.put, at: "\(Self.path)/part/:upload/:part") { [store] request, context in
            let (id, text) = (
                try context.parameters.require("upload"), try context.parameters.require("part")
            )
            let parts = try await store.begunParts(id)
            guard try await !store.isDone(parts) else { throw MLflowError.noUpload(id) }
            guard let number = Int(text), (1...parts.count).contains(number) else {
                throw MLflowError.invalid("part '\(text.shortened())': should be from 1 to \(parts.count)")
            }
            let part = try await store.takeIn { upload in
                try await upload.append(request)
                return try await upload.keep(as: number, of: parts)
            }
            guard let part else { throw MLflowError.noUpload(id) }
            return Response(status: .ok, headers: [.eTag: "\"\(part.sha256)\""])
        }
    }

    private var complete: MLflowEndpoint {
        let address = "\(Self.path)/complete"
        return MLflowEndpoint(.post, at: address + "/**") { [store] request, context in
            let folder = try request.wirePath(after: address)
            let fields = try await request.wireFields(bodyLimit: MLflowEndpoint.bodyLimit, context)
            let name = try Self.name(try fields.text(required: "path"), in: folder)
            let id = try fields.text(required: "upload_id")
            let given = try Self.parts(fields)
            let parts = try await store.begunParts(id, of: name)
            guard given.count == parts.count else {
                throw MLflowError.invalid("parts: \(given.count) given, the upload has \(parts.count)")
            }
            // Whoever did not hear the answer asks again, perhaps while the first question is still worked on.
            guard try await !store.isDone(parts) else { return .json([:]) }
            let isWhole = try await store.takeIn { upload in
                for (index, part) in given.enumerated() where try await !upload.append(part, of: parts) {
                    guard try await !store.isDone(parts) else { return false }
                    throw MLflowError.invalid(
                        "parts[\(index)]: no part \(part.number) with this etag was sent")
                }
                _ = try await upload.keep(as: name)
                return true
            }
            if isWhole { try await store.finish(parts) }
            return .json([:])
        }
    }

    private var abort: MLflowEndpoint {
        let address = "\(Self.path)/abort"
        return MLflowEndpoint(.post, at: address + "/**") { [store] request, context in
            let folder = try request.wirePath(after: address)
            let fields = try await request.wireFields(bodyLimit: MLflowEndpoint.bodyLimit, context)
            let name = try Self.name(try fields.text(required: "path"), in: folder)
            try await store.forget(
                try await store.begunParts(try fields.text(required: "upload_id"), of: name))
            return .json([:])
        }
    }

    /// The name of a file whose sender says where it lies on its own disk.
    private static func name(_ path: String, in folder: WirePath) throws(MLflowError) -> ArtifactPath {
        let file = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).last
            .flatMap { $0.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false).last }
        return try WirePath(String(Substring(file ?? path[...].utf8))).below(folder.text).name()
    }

    /// The parts from the first to the last; their digests may stand in quotes, as in the field of a header.
    private static func parts(_ fields: WireFields) throws(MLflowError) -> [FilePart] {
        var parts: [FilePart] = []
        for part in try fields.messages(required: "parts") {
            let (number, tag) = (try part.integer(required: "part_number"), try part.text(required: "etag"))
            guard number == parts.count + 1 else {
                throw .invalid(
                    "parts[\(parts.count)].part_number: \(number) given, \(parts.count + 1) should stand there"
                )
            }
            parts.append(FilePart(number: Int(number), sha256: tag.filter { $0 != "\"" }))
        }
        return parts
    }
}

extension MLflowError {
    fileprivate static func noUpload(_ id: String) -> MLflowError {
        MLflowError(.resourceDoesNotExist, "no upload in parts has the id '\(id.shortened())'")
    }
}

extension SQLiteStore {
    /// The parts of an upload that goes on, of a file with this name.
    fileprivate func begunParts(_ id: String, of name: ArtifactPath? = nil) async throws -> FileParts {
        guard let parts = try await parts(id),
            name.map({ $0.text.utf8.elementsEqual(parts.name.utf8) }) ?? true
        else { throw MLflowError.noUpload(id) }
        return parts
    }
}

extension Request {
    /// How the sender reached this server; a proxy that speaks TLS says so itself.
    fileprivate var ownAddress: String {
        let scheme = HTTPField.Name("x-forwarded-proto").flatMap { headers[$0] } == "https" ? "https" : "http"
        return "\(scheme)://\(head.authority ?? "")"
    }
}
