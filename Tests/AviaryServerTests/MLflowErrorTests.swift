import AviaryArtifacts
import AviaryServer
import AviaryTracking
import HTTPTypes
import Logging
import Testing

struct MLflowErrorTests {
    @Test(
        arguments: [
            ("INVALID_PARAMETER_VALUE", 400), ("RESOURCE_ALREADY_EXISTS", 400), ("BAD_REQUEST", 400),
            ("PERMISSION_DENIED", 403), ("RESOURCE_DOES_NOT_EXIST", 404), ("ENDPOINT_NOT_FOUND", 404),
            ("RESOURCE_CONFLICT", 409), ("RESOURCE_EXHAUSTED", 429), ("INTERNAL_ERROR", 500),
            ("NOT_IMPLEMENTED", 501), ("TEMPORARILY_UNAVAILABLE", 503),
        ])
    func `each name has its status`(name: String, status: Int) throws {
        let error = MLflowError(try #require(MLflowError.Code(rawValue: name)), "why")
        #expect(error.status.code == status)
        #expect(error.json["error_code"] == .text(name) && error.json["message"] == .text("why"))
    }

    @Test func `codes that later clients sort into classes are told with theirs`() {
        let json: JSONValue = [
            "error_code": .text("RESOURCE_DOES_NOT_EXIST"), "message": .text("why"),
            "sqlstate": .text("KAM00"),
            "error_class": .text("RESOURCE_NOT_FOUND"),
        ]
        #expect(MLflowError(.resourceDoesNotExist, "why").json == json)
        #expect(MLflowError(.internalError, "why").json["error_class"] == .text("CLIENT_INTERNAL_ERROR"))
        #expect(MLflowError(.internalError, "why").json["sqlstate"] == .text("XXM00"))
        let plain: JSONValue = ["error_code": .text("NOT_IMPLEMENTED"), "message": .text("why")]
        #expect(MLflowError(.notImplemented, "why").json == plain)
    }

    @Test func `there are no more names`() {
        #expect(MLflowError.Code.allCases.count == 11)
    }

    @Test(
        arguments: [
            (TrackingError.runNotFound("r"), .resourceDoesNotExist, 404, "Run with id=r not found"),
            (
                TrackingError.experimentNotFound("e"), .resourceDoesNotExist, 404,
                "Could not find experiment with name 'e'"
            ),
            (
                TrackingError.experimentNumberNotFound(7), .resourceDoesNotExist, 404,
                "No Experiment with id=7 exists"
            ),
            (
                TrackingError.experimentExists("e", isDeleted: false), .resourceAlreadyExists, 400,
                "Experiment(name=e) already exists."
            ),
            (
                TrackingError.deleted(.run, id: "r"), .invalidParameterValue, 400,
                "The run r must be in the 'active' state. Current state is deleted."
            ),
            (
                TrackingError.tagNotFound(key: "k", of: .experiment, id: "0"), .resourceDoesNotExist, 404,
                "No tag with name: k in experiment with id 0"
            ),
            (
                TrackingError.tagNotFound(key: "it's", of: .loggedModel, id: "m-1"), .resourceDoesNotExist,
                404,
                "No tag with key \"it's\" found for model with ID 'm-1'."
            ),
            (
                TrackingError.loggedModelNotFound("m-1"), .resourceDoesNotExist, 404,
                "Logged model with ID 'm-1' not found."
            ),
            (
                TrackingError.loggedModelParamsChanged(
                    model: "m-1", [ParamChange(key: "k", old: "1", new: "2")]), .badRequest, 400,
                "param 'k' was logged as '1' and cannot become '2'; params of a logged model never change (m-1)"
            ),
            (
                TrackingError.paramsChanged(run: "r", [ParamChange(key: "k", old: "1", new: "2")]),
                .invalidParameterValue, 400,
                "Changing param values is not allowed. Param with key='k' was already logged with value='1' "
                    + "for run ID='r'. Attempted logging new value '2'."
            ),
            (
                TrackingError.searchTooLong(limit: .seconds(2)), .invalidParameterValue, 400,
                "the search took longer than 2.0 seconds; ask with fewer conditions or, of runs, once more in a moment"
            ),
            (
                TrackingError.artifactNotFound(run: "r", path: "p"), .resourceDoesNotExist, 404,
                "run r has no artifact 'p'"
            ),
            (
                TrackingError.invalid(field: "tag 'a'", problem: "it has a NUL character"),
                .invalidParameterValue, 400, "tag 'a': it has a NUL character"
            ),
            (
                MLflowError(.resourceConflict, "why"), .resourceConflict, 409, "why"
            ),
        ] as [(any Error, MLflowError.Code, Int, String)])
    func `what the client may know is told`(
        error: any Error, code: MLflowError.Code, status: Int, message: String
    ) {
        let answer = MLflowError(error, logger: silent)
        #expect(answer.code == code)
        #expect(answer.status.code == status)
        #expect(answer.message == message)
    }

    @Test(
        arguments: [
            (
                TrackingError.store(.full(path: "/secret")), .resourceExhausted, 507,
                "no space is left on the store's disk"
            ),
            (
                ArtifactError.full(path: "/secret"), .resourceExhausted, 507,
                "no space is left on the store's disk"
            ),
            (
                TrackingError.store(.busy(path: "/secret", waited: .seconds(10))),
                .temporarilyUnavailable, 503, "the store is busy; try again"
            ),
            (
                TrackingError.store(.damaged(path: "/secret", detail: "SELECT")), .internalError, 500,
                "the store cannot be used"
            ),
            (
                ArtifactError.unusable(path: "/secret", detail: "errno 5"), .internalError, 500,
                "the store cannot be used"
            ),
            (Unforeseen(path: "/secret"), .internalError, 500, "something went wrong"),
        ] as [(any Error, MLflowError.Code, Int, String)])
    func `what it may not know is in the log, under a number`(
        error: any Error, code: MLflowError.Code, status: Int, message: String
    ) throws {
        let answer = MLflowError(error, logger: silent)
        #expect(answer.code == code)
        #expect(answer.status.code == status)
        let pattern = try Regex("^\(message) \\(incident [0-9a-f]{1,8} in the server's log\\)$")
        #expect(answer.message.contains(pattern))
    }

    private var silent: Logger { Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }) }
}

private struct Unforeseen: Error {
    let path: String
}
