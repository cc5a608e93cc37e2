"""Artifacts through the client: logged, listed, overwritten, downloaded."""
import os
import unittest.mock

import mlflow
from mlflow.store.artifact.http_artifact_repo import HttpArtifactRepository
from rest import API, ARTIFACTS, REST

START = 1_700_000_000_000
NAMES = ["plain.txt", "with space.txt", "größe 数.txt", "sub/deep/er/file.txt", "per%20cent.txt", "a+b&c=d.txt",
         "quo'te.txt",
         "semi;colon.txt", "[brackets].txt", ".hidden", "UPPER.TXT", "a..b.txt", "tilde~.txt", "double\"quote.txt",
         "ques?tion.txt",
         "ha#sh.txt", "com,ma.txt", "col:on.txt", "star*.txt"]


def _run(client, name):
    return client.create_run(client.create_experiment(name), START, run_name=name).info.run_id


def _listed(client, run, path=None):
    return [[file.path, file.is_dir, file.file_size] for file in client.list_artifacts(run, path)]


def _everything(client, run, path=None):
    found = []
    for file in client.list_artifacts(run, path):
        found += _everything(client, run, file.path) if file.is_dir else [[file.path, file.file_size]]
    return found


def _written(name, content):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "wb") as file:
        file.write(content)
    return name


def logging(client, log):
    run = _run(client, "logging")
    log.call("nothing yet", _listed, client, run)
    log.call("text", client.log_text, run, "some text\nñ", "note.txt")
    log.call("dictionary", client.log_dict, run, {"b": [1, 2.5], "a": {"c": None}}, "data/values.json")
    log.call("dictionary as YAML", client.log_dict, run, {"b": [1, 2.5], "a": "x"}, "data/values.yaml")
    log.call("a file", client.log_artifact, run, _written("local/file.bin", bytes(range(256)) * 40))
    log.call("a file in a folder", client.log_artifact, run, "local/file.bin", "binary/files")
    log.call("an empty file", client.log_artifact, run, _written("empty.txt", b""))
    _written("tree/one.txt", b"1")
    _written("tree/sub/two.txt", b"22")
    log.call("a tree", client.log_artifacts, run, "tree")
    log.call("a tree in a folder", client.log_artifacts, run, "tree", "forest/oak")
    log.call("a file that is not there", client.log_artifact, run, "missing.txt")
    for path in [None, "", "data", "forest", "forest/oak", "note.txt", "missing", "data/", "forest/../data"]:
        log.call(f"list {path!r}", _listed, client, run, path)
    log.call("everything", _everything, client, run)
    log.call("as the route has it", REST(client.tracking_uri).get, f"{API}/artifacts/list", ("run_id", run))
    log.call("a folder as the route has it", REST(client.tracking_uri).get, f"{API}/artifacts/list",
             ("run_id", run), ("path", "forest"))
    log.call("a file as the route has it", REST(client.tracking_uri).get, f"{API}/artifacts/list",
             ("run_id", run), ("path", "note.txt"))
    log.call("a missing one as the route has it", REST(client.tracking_uri).get, f"{API}/artifacts/list",
             ("run_id", run), ("path", "missing"))


def names(client, log):
    run = _run(client, "names")
    for name in NAMES:
        log.call(f"log {name}", client.log_text, run, f"content of {name}", name)
    log.call("listed", _everything, client, run)
    for name in NAMES:
        log.call(f"read {name}", lambda: mlflow.artifacts.load_text(f"{client.get_run(run).info.artifact_uri}/{name}"))


def overwriting(client, log):
    run = _run(client, "overwriting")
    for text in ["first, which is long", "second", ""]:
        log.call(f"log {text!r}", client.log_text, run, text, "a/note.txt")
        log.call(f"list {text!r}", _listed, client, run, "a")
        log.call(f"read {text!r}", _text, client, run, "a/note.txt")
    log.call("a folder where a file is", client.log_text, run, "x", "a/note.txt/below.txt")
    log.call("a file where a folder is", client.log_text, run, "x", "a")
    log.call("after that", _everything, client, run)


def _text(client, run, path):
    with open(client.download_artifacts(run, path), encoding="utf-8") as file:
        return file.read()


def downloading(client, log):
    run = _run(client, "downloading")
    client.log_text(run, "top", "top.txt")
    client.log_text(run, "one", "sub/one.txt")
    client.log_text(run, "two", "sub/deep/two.txt")
    for number, path in enumerate(["top.txt", "sub", "sub/deep", "sub/deep/two.txt", ""]):
        target = f"into{number}"
        os.makedirs(target)
        log.call(f"path of {path!r}", lambda: os.path.relpath(client.download_artifacts(run, path, target), target))
        log.call(f"files of {path!r}", _tree, target)
    log.call("a missing one", client.download_artifacts, run, "missing.txt")
    log.call("a missing one below", client.download_artifacts, run, "sub/missing/x.txt")
    log.call("of a run that is not there", client.download_artifacts, "0" * 32, "top.txt")
    log.call("by a runs URI", lambda: open(mlflow.artifacts.download_artifacts(f"runs:/{run}/sub/one.txt")).read())
    log.call("loaded by a runs URI", mlflow.artifacts.load_text, f"runs:/{run}/top.txt")
    log.call("a list by its URI", lambda: [
        file.path for file in mlflow.artifacts.list_artifacts(f"runs:/{run}/sub")])
    client.delete_run(run)
    log.call("of a deleted run", _text, client, run, "top.txt")


def _tree(folder):
    found = {}
    for parent, _, files in os.walk(folder):
        for name in files:
            path = os.path.join(parent, name)
            with open(path, encoding="utf-8") as file:
                found[os.path.relpath(path, folder)] = file.read()
    return found


def big_ones(client, log):
    run = _run(client, "big")
    content = bytes(range(251)) * 80_000  # 20 MB, in no way even
    client.log_artifact(run, _written("big.bin", content))
    log.call("listed", _listed, client, run)
    log.call("the same bytes", lambda: open(client.download_artifacts(run, "big.bin"), "rb").read() == content)
    for number in range(60):
        _written(f"many/{number % 3}/{number}.txt", str(number).encode())
    client.log_artifacts(run, "many", "many")
    log.call("many", _everything, client, run, "many")


def in_parts(client, log):
    """A client that is told to sends a large file in parts, and the whole of it where the server takes no parts."""
    run = _run(client, "parts")
    content = bytes(range(251)) * 20_000  # 5 MB
    settings = {
        "MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD": "true", "MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE": "1000000",
        "MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE": "700001"}
    with unittest.mock.patch.dict(os.environ, settings), unittest.mock.patch.object(
            HttpArtifactRepository, "_upload_part", wraps=HttpArtifactRepository._upload_part) as part:
        client.log_artifact(run, _written("parts.bin", content), "deep")
        client.log_artifact(run, _written("parts.bin", content[:999_999]))
    log.value("parts sent", part.call_count)
    log.call("listed", _everything, client, run, "")
    log.call("the same bytes", lambda: open(
        client.download_artifacts(run, "deep/parts.bin"), "rb").read() == content)


def as_bytes(client, log):
    """The bytes' own routes, with the headers that a reader sees."""
    rest = REST(client.tracking_uri)
    run = _run(client, "bytes")
    root = client.get_run(run).info.artifact_uri.removeprefix("mlflow-artifacts:/")
    shown = ("Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Length")
    for name in ["a.txt", "b.json", "c.html", "d.png", "e", "f.unknown", "with%20space.txt", "gr%C3%B6%C3%9Fe.txt",
                 "g.svg"]:
        log.value(f"put {name}", rest.send("PUT", f"{ARTIFACTS}/{root}/{name}", f"[\"{name}\"]".encode()))
        log.value(f"get {name}", rest.get(f"{ARTIFACTS}/{root}/{name}", show=shown))
        log.value(f"page's get {name}", rest.get(f"/get-artifact?run_id={run}&path={name}", show=shown))
    log.value("list", rest.get(ARTIFACTS, ("path", root)))
    log.value("list of a file", rest.get(ARTIFACTS, ("path", f"{root}/a.txt")))
    log.value("list of what is missing", rest.get(ARTIFACTS, ("path", f"{root}/missing")))
    log.value("get a folder", rest.get(f"{ARTIFACTS}/{root}"))
    log.value("get a missing one", rest.get(f"{ARTIFACTS}/{root}/missing.txt"))
    log.value("put a folder", rest.send("PUT", f"{ARTIFACTS}/{root}/folder/", b"x"))
    log.value("delete", rest.delete(f"{ARTIFACTS}/{root}/a.txt"))
    log.value("deleted", rest.get(f"{ARTIFACTS}/{root}/a.txt"))
    log.value("delete again", rest.delete(f"{ARTIFACTS}/{root}/a.txt"))
    rest.send("PUT", f"{ARTIFACTS}/{root}/tree/sub/x.txt", b"x")
    log.value("delete a tree", rest.delete(f"{ARTIFACTS}/{root}/tree"))
    log.value("left", rest.get(f"{API}/artifacts/list", ("run_id", run)))
    for path in ["mpu/create", "mpu/complete", "mpu/abort"]:
        log.value(path, rest.post(f"/api/2.0/mlflow-artifacts/{path}/{root}", {
            "path": f"{root}/big.bin", "num_parts": 2, "upload_id": "u", "parts": []}))
    log.value("presigned", rest.get(f"/api/2.0/mlflow-artifacts/presigned/{root}/b.json"))


def a_backslash(client, log):
    """Beside the other names, as it is none for Aviary."""
    run = _run(client, "backslash")
    log.call("log", client.log_text, run, "content", "back\\slash.txt")
    log.call("listed", _listed, client, run)
