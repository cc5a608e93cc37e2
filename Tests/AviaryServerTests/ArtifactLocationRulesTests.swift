import AviaryServer
import Foundation
import Testing

struct ArtifactLocationRulesTests {
    @Test(
        arguments: [
            "s3://bucket/path", "s3://bucket/a;b", "/absolute/path", "/absolute/", "file:///a/b",
            "mlflow-artifacts:/my/place", "mlflow-artifacts:/", "mlflow-artifacts:///my/place",
            "gs://b/p?x=1",
        ])
    func `a whole address stays as it is`(location: String) throws {
        #expect(try ArtifactLocationRules.resolved(location) == location)
    }

    @Test(arguments: ["relative/path", "../beside", "c:d/e".replacing(":", with: "_"), "1:2"])
    func `a path is made absolute where the server runs`(location: String) throws {
        let folder = FileManager.default.currentDirectoryPath
        #expect(try ArtifactLocationRules.resolved(location) == "\(folder)/\(location)")
    }

    @Test(
        arguments: [
            ("s3://b/p#f", "'artifact_location' URL can't include fragments or params."),
            ("/a/b#c", "'artifact_location' URL can't include fragments or params."),
            ("/a/b;c", "'artifact_location' URL can't include fragments or params."),
            ("http://h/a;b", "'artifact_location' URL can't include fragments or params."),
            ("s3://b/p?q=../x", "Invalid query string"), ("s3://b/p?q=%2e%2e/x", "Invalid query string"),
            ("s3://b/p?q=%252e%252e/x", "Invalid query string"),
            ("runs:/x", "Artifact location cannot be a runs:/ URI. Given: 'runs:/x'"),
            ("RUNS:/x", "Artifact location cannot be a runs:/ URI. Given: 'RUNS:/x'"),
            (
                "mlflow-artifacts://host/x",
                "'artifact_location' cannot use the 'mlflow-artifacts' scheme with a host: files would be kept "
                    + "by another server than this one."
            ),
            (
                String(repeating: "a", count: 2049),
                "Invalid artifact path length. The length of the artifact path cannot be greater than 2048 "
                    + "characters."
            ),
        ])
    func `what is no place is refused`(location: String, message: String) {
        #expect(throws: MLflowError(.invalidParameterValue, message)) {
            try ArtifactLocationRules.resolved(location)
        }
    }
}
