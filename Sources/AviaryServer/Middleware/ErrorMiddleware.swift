import AviaryArtifacts
import AviaryCatalogue
import AviaryTracking
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging

/// Turns every error into an answer: the one place where the store's errors meet HTTP.
///
/// MLflow's protocol has codes and words of its own: `MLflowRoutes/MLflowError+Mapping.swift`.
struct ErrorMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: ServerContext,
        next: @concurrent (Request, ServerContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            if error is MLflowError || MLflowAddress.contains(request.uri.path) {
                let answer = MLflowError(error, logger: context.logger)
                return .json(answer.json, status: answer.status)
            }
            let answer = self.answer(error, context.logger)
            return .json(answer.json, status: answer.status)
        }
    }

    private func answer(_ error: any Error, _ logger: Logger) -> APIError {
        switch error {
        case let error as APIError: error
        case let error as TrackingError: answer(error, logger)
        case let error as CatalogueError: answer(error, logger)
        case let error as ArtifactError: answer(error, logger)
        case let error as BodyTooLarge:
            APIError(.invalid, error.description, status: .contentTooLarge)
        case let error as IncompleteBody: APIError(.invalid, error.description)
        case let error as HTTPError where error.status == .notFound:
            APIError(.notFound, "there is nothing here")
        case let error as HTTPError:
            APIError(.invalid, error.body ?? "bad request", status: error.status)
        default: incident(error, logger, .internal, "something went wrong")
        }
    }

    private func answer(_ error: TrackingError, _ logger: Logger) -> APIError {
        switch error {
        case .runNotFound, .experimentNotFound, .experimentNumberNotFound, .tagNotFound, .artifactNotFound,
            .loggedModelNotFound:
            APIError(.notFound, error.description)
        case .registry(let error): APIError(error)
        case .ambiguousRun, .invalid, .searchTooLong: APIError(.invalid, error.description)
        case .experimentExists, .deleted, .paramsChanged, .loggedModelParamsChanged, .runEnded:
            APIError(.conflict, error.description)
        case .store(.full): incident(error, logger, .full, "no space is left on the store's disk")
        case .store(.busy): incident(error, logger, .unavailable, "the store is busy; try again")
        case .store: incident(error, logger, .unavailable, "the store cannot be used")
        }
    }

    private func answer(_ error: CatalogueError, _ logger: Logger) -> APIError {
        switch error {
        case .unknownModel: APIError(.notFound, error.description)
        default: incident(error, logger, .unavailable, "the zoo cannot be used")
        }
    }

    private func answer(_ error: ArtifactError, _ logger: Logger) -> APIError {
        switch error {
        case .refusedPath: APIError(.invalid, error.description)
        case .full: incident(error, logger, .full, "no space is left on the store's disk")
        case .unusable: incident(error, logger, .unavailable, "the store cannot be used")
        }
    }

    private func incident(
        _ error: any Error, _ logger: Logger, _ code: APIError.Code, _ message: String
    ) -> APIError {
        APIError(code, Incident(error, logger).message(message))
    }
}
