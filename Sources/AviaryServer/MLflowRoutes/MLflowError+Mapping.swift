import AviaryArtifacts
import AviaryTracking
import HTTPTypes
import Hummingbird
package import Logging

extension MLflowError {
    /// What a client of MLflow is told when this went wrong; what it must not see goes into the log.
    package init(_ error: any Error, logger: Logger) {
        self =
            switch error {
            case let error as MLflowError: error
            case let error as TrackingError: Self.answer(error, logger)
            case let error as ArtifactError: Self.answer(error, logger)
            case let error as APIError: Self.answer(error)
            case let error as BodyTooLarge:
                MLflowError(.invalidParameterValue, error.description, status: .contentTooLarge)
            case let error as IncompleteBody: MLflowError(.badRequest, error.description)
            case let error as HTTPError where error.status == .notFound:
                MLflowError(.endpointNotFound, "there is no such endpoint")
            case let error as HTTPError:
                MLflowError(.badRequest, error.body ?? "bad request", status: error.status)
            default: Self.incident(error, logger, .internalError, "something went wrong")
            }
    }

    private static func answer(_ error: TrackingError, _ logger: Logger) -> MLflowError {
        switch error {
        case .runNotFound(let id):
            MLflowError(.resourceDoesNotExist, "Run with id=\(id.shortened()) not found")
        case .experimentNotFound(let name):
            MLflowError(.resourceDoesNotExist, "Could not find experiment with name '\(name.shortened())'")
        case .experimentNumberNotFound(let id):
            MLflowError(.resourceDoesNotExist, "No Experiment with id=\(id) exists")
        case .experimentExists(let name, let isDeleted):
            MLflowError(
                .resourceAlreadyExists,
                "Experiment(name=\(name.shortened())) already exists."
                    + (isDeleted ? " It is in the trash: restore it, or take another name." : ""))
        case .deleted(let thing, let id):
            .invalid(
                "The \(thing.rawValue) \(id) must be in the 'active' state. Current state is deleted.")
        case .tagNotFound(let key, .loggedModel, let id):
            MLflowError(
                .resourceDoesNotExist,
                "No tag with key \(key.shortened().pythonLiteral) found for model with ID '\(id)'.")
        case .tagNotFound(let key, let thing, let id):
            MLflowError(
                .resourceDoesNotExist,
                "No tag with name: \(key.shortened()) in \(thing.rawValue) with id \(id)")
        case .loggedModelNotFound(let id):
            MLflowError(.resourceDoesNotExist, "Logged model with ID '\(id.shortened())' not found.")
        case .registry(let error): MLflowError(error)
        // With MLflow a constraint of the database.
        case .loggedModelParamsChanged: MLflowError(.badRequest, error.description)
        case .paramsChanged(let run, let changes): paramChanged(run, changes)
        case .artifactNotFound: MLflowError(.resourceDoesNotExist, error.description)
        case .ambiguousRun, .invalid, .runEnded, .searchTooLong: .invalid(error.description)
        case .store(.full): full(error, logger)
        case .store(.busy):
            incident(error, logger, .temporarilyUnavailable, "the store is busy; try again")
        case .store: incident(error, logger, .internalError, "the store cannot be used")
        }
    }

    private static func paramChanged(_ run: String, _ changes: [ParamChange]) -> MLflowError {
        guard let first = changes.first?.shortened, changes.count == 1 else {
            return .paramsChanged(run, changes)
        }
        return .invalid(
            "Changing param values is not allowed. Param with key='\(first.key)' was already logged with "
                + "value='\(first.old)' for run ID='\(run)'. Attempted logging new value '\(first.new)'.")
    }

    /// The same in the words of a batch, with the first params in this order.
    static func paramsChanged(_ run: String, _ changes: [ParamChange]) -> MLflowError {
        var list = changes.prefix(ParamChange.namedCount).map(\.shortened).map { change in
            "{'key': \(change.key.pythonLiteral), 'old_value': \(change.old.pythonLiteral), "
                + "'new_value': \(change.new.pythonLiteral)}"
        }
        if changes.count > list.count { list.append("and \(changes.count - list.count) more") }
        return .invalid(
            "Changing param values is not allowed. Params were already logged="
                + "'[\(list.joined(separator: ", "))]' for run ID='\(run)'.")
    }

    private static func answer(_ error: ArtifactError, _ logger: Logger) -> MLflowError {
        switch error {
        case .refusedPath: .invalid("Invalid path: \(error.description)")
        case .full: full(error, logger)
        case .unusable: incident(error, logger, .internalError, "the store cannot be used")
        }
    }

    /// What the checks say that stand before both protocols.
    private static func answer(_ error: APIError) -> MLflowError {
        let code: Code =
            switch error.code {
            case .notFound: .resourceDoesNotExist
            case .invalid: .invalidParameterValue
            case .conflict: .resourceConflict
            case .unavailable: .temporarilyUnavailable
            case .full: .resourceExhausted
            case .forbidden: .permissionDenied
            case .internal: .internalError
            }
        return MLflowError(code, error.message, status: error.status)
    }

    /// Not the 429 that goes with the code: a client would try for four minutes to write to a full disk.
    private static func full(_ error: any Error, _ logger: Logger) -> MLflowError {
        incident(
            error, logger, .resourceExhausted, "no space is left on the store's disk",
            status: .insufficientStorage)
    }

    private static func incident(
        _ error: any Error, _ logger: Logger, _ code: Code, _ message: String,
        status: HTTPResponse.Status? = nil
    ) -> MLflowError {
        MLflowError(code, Incident(error, logger).message(message), status: status)
    }
}
