"""Requests as they stand, for what the Python client would not send or would not show."""
import contextlib
import http.client
import json
import urllib.parse

API = "/api/2.0/mlflow"
API3 = "/api/3.0/mlflow"
AJAX = "/ajax-api/2.0/mlflow"
ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"


class REST:
    def __init__(self, base):
        self.host = urllib.parse.urlsplit(base).netloc

    def get(self, path, *query, show=()):
        """`query` is of pairs, as a repeated field is a repeated key."""
        return self.send("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""), show=show)

    def post(self, path, body, method="POST"):
        return self.send(method, path, json.dumps(body).encode(), {"Content-Type": "application/json"})

    def patch(self, path, body):
        return self.post(path, body, "PATCH")

    def delete(self, path, body=None):
        return self.send("DELETE", path) if body is None else self.post(path, body, "DELETE")

    def send(self, method, path, data=None, headers=None, show=()):
        """Sends a request whose path goes out byte for byte; `show` names headers of the answer to write down."""
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # answered before all was sent
                connection.request(method, path, data, headers or {})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        found = {"status": answer.status, "body": body(answer.headers.get_content_type(), content)}
        return found | {name: answer.headers.get(name) for name in show}


def body(kind, content):
    if kind == "text/html":
        return "a page of HTML"
    if kind == "application/json" and content:
        return fields_in_order(json.loads(content))
    return content.decode("utf-8", "backslashreplace")


def fields_in_order(value):
    """Lists of keys with values (tags, params, latest metrics) have no order that a server promises."""
    if isinstance(value, dict):
        return {key: in_order(key, fields_in_order(item)) for key, item in value.items()}
    return [fields_in_order(item) for item in value] if isinstance(value, list) else value


def in_order(name, value):
    if name == "data":
        return {key: sorted(items, key=lambda item: item["key"]) if isinstance(items, list) else items
                for key, items in value.items()}
    return sorted(value, key=lambda item: str(item.get("key"))) if name == "tags" else value
