"""Paths that must not lead out of a run's artifacts, sent byte for byte."""
import urllib.parse

from rest import AJAX, API, ARTIFACTS, REST

START = 1_700_000_000_000

# As they stand in the request, already escaped where they are.
PATHS = [
    "..", "../", "../x", "../../x", "a/../b", "a/../../b", "a/..", "./a", "a/./b", "a//b", "/a", "//a", "/etc/passwd",
    "%2e%2e", "%2e%2e/x", "%2e%2e%2fx", "%2E%2E%2Fx", "..%2fx", "%252e%252e%252fx", "%25252e%25252e%25252fx",
    "a%2f..%2fb", "%2fetc%2fpasswd", "..%5cx", "a%5cb", "..%5c..%5cx", "C:%5cx", "C:/x", "c:x", "file:/x",
    "file:///etc/passwd", "file%3a///x", "file:../x", "http://x/y", "a%23b", "a%00b", "a%0ab", "%23", "...", "..a",
    "a..", "a/...", "~", "~/x", ".", "%2e", "a%20b", "%c0%ae%c0%ae/x", "%ff", "a%3fb", "a;b", "a%3bb", "%7e",
    "a/%2e%2e/b",
]


def _run(client, name):
    run = client.create_run(client.create_experiment(name), START, run_name=name).info
    client.log_text(run.run_id, "inside", "a/b")
    return run.run_id, run.artifact_uri.removeprefix("mlflow-artifacts:/")


def listing(client, log):
    rest = REST(client.tracking_uri)
    run, root = _run(client, "listing")
    for path in PATHS:
        log.value(f"run's {path}", rest.get(f"{API}/artifacts/list?run_id={run}&path={path}"))
        log.value(f"server's {path}", rest.get(f"{ARTIFACTS}?path={path}"))
        log.value(f"server's below the run {path}", rest.get(f"{ARTIFACTS}?path={root}/{path}"))


def reading(client, log):
    rest = REST(client.tracking_uri)
    run, root = _run(client, "reading")
    for path in PATHS:
        log.value(f"page's {path}", rest.get(f"/get-artifact?run_id={run}&path={path}"))
        log.value(f"bytes {path}", rest.get(f"{ARTIFACTS}/{root}/{path}"))
    for query in ["", f"run_id={run}", "path=a/b", f"run_uuid={run}&path=a/b", f"run_id={'0' * 32}&path=a/b"]:
        log.value(f"page's with {query}", rest.get(f"/get-artifact?{query}"))


def writing(client, log):
    rest = REST(client.tracking_uri)
    run, root = _run(client, "writing")
    for path in PATHS:
        log.value(f"put {path}", rest.send("PUT", f"{ARTIFACTS}/{root}/{path}", b"x"))
        log.value(f"upload {path}", rest.send("POST", f"{AJAX}/upload-artifact?run_uuid={run}&path={path}", b"x"))
        log.value(f"delete {path}", rest.delete(f"{ARTIFACTS}/{root}/below/{path}"))
    log.value("left of the run", rest.get(f"{API}/artifacts/list?run_id={run}"))
    log.value("left below", rest.get(f"{API}/artifacts/list?run_id={run}&path=a"))


def uploading(client, log):
    rest = REST(client.tracking_uri)
    run, _ = _run(client, "uploading")
    path = f"{AJAX}/upload-artifact"
    log.value("good", rest.send("POST", f"{path}?run_uuid={run}&path=up/note.txt", b"uploaded"))
    log.value("there", rest.get(f"/get-artifact?run_id={run}&path=up/note.txt"))
    for query in ["", f"run_uuid={run}", "path=x.txt", f"run_id={run}&path=x.txt", f"run_uuid={'0' * 32}&path=x.txt"]:
        log.value(f"with {query}", rest.send("POST", f"{path}?{query}", b"x"))
    log.value("without data", rest.send("POST", f"{path}?run_uuid={run}&path=x.txt"))
    log.value("10 MB", rest.send("POST", f"{path}?run_uuid={run}&path=ten.bin", b"x" * 10_485_760))
    log.value("more than 10 MB", rest.send("POST", f"{path}?run_uuid={run}&path=more.bin", b"x" * 10_485_761))
    log.value("listed", rest.get(f"{API}/artifacts/list", ("run_id", run)))


def paths_through_the_client(client, log):
    run, _ = _run(client, "client")
    for path in ["../up.txt", "a/../../up.txt", "/absolute.txt", "a\\b.txt", "", ".", "..", "a/", "file:/x", "C:/x"]:
        log.call(f"log {path!r}", client.log_text, run, "x", path)
        log.call(f"list {path!r}", lambda: [file.path for file in client.list_artifacts(run, path)])
        log.call(f"download {urllib.parse.quote(path)!r}", client.download_artifacts, run, path)
