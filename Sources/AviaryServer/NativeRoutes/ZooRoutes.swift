import AviaryCatalogue
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// Makes this server a source for `aviary zoo pull`.
struct ZooRoutes {
    let catalogue: Catalogue
    let weights: WeightFiles

    func add(to router: Router<ServerContext>) {
        router.get("/zoo/catalogue.yml") { _, _ -> Response in
            Response(
                status: .ok,
                headers: [.contentType: "application/yaml; charset=utf-8", .cacheControl: "no-cache"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: catalogue.yaml)))
        }
        router.get("/zoo/weights/:file") { request, context -> Response in
            let name = context.parameters.get("file") ?? ""
            guard let entry = catalogue.entries.first(where: { $0.weights.file == name }),
                let file = weights.find(entry)
            else { throw APIError(.notFound, "no weights '\(name)' are here") }
            var headers: HTTPFields = [.contentType: "application/octet-stream", .cacheControl: "no-cache"]
            headers.setAttachment(named: entry.weights.file)
            let (byteCount, sha256) = (entry.weights.byteCount, entry.weights.sha256)
            let answer = FileAnswer(file: file, byteCount: byteCount, sha256: sha256, headers: headers)
            return try await answer.response(to: request)
        }
    }
}
