"""Puts placeholders where two runs of the same scenario cannot agree, so that their logs can be compared by line.

A value that comes back is the same placeholder again (`<id 2>`), numbered by first appearance in a section of the
scenario: what must be equal within one is still held, and what only one server makes shifts no numbers further on.
Points in time are one `<time>` without a number, as two of them may or may not fall into the same millisecond.
"""
import datetime
import re

DAY = 86_400_000

# What each pattern finds gets the placeholder; groups named `before` and `after` stay.
NUMBERED = [
    ("model", re.compile(r"\bm-[0-9a-f]{32}\b")),
    ("uuid", re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")),
    ("id", re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")),
    ("experiment", re.compile(r'(?P<before>experiment_ids?(?:\[\d+\])? = ")(?P<value>[1-9]\d{0,18})(?P<after>")')),
    ("experiment", re.compile(r"(?P<before>mlflow-artifacts:/)(?P<value>[1-9]\d{0,18})(?P<after>[/\"])")),
    ("experiment", re.compile(r"(?P<before>[Ee]xperiment (?:with )?(?:id|ID)[= ]'?)(?P<value>[1-9]\d{0,18})\b")),
    ("experiment", re.compile(r"(?P<before>The experiment )(?P<value>[1-9]\d{0,18})\b")),
    # Scenarios give no name of this form.
    ("name", re.compile(r'(?P<before>")(?P<value>[a-z]+-[a-z]+-\d{1,4})(?P<after>")')),
]
UNNUMBERED = [
    # A statement shows ids that nobody else sees.
    ("[SQL]", re.compile(r"\[SQL: .*")),
    ("<commit>", re.compile(r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")),
    # A server that fails while the client still sends: by chance the client sees the answer or the closed connection.
    ("(Caused by an error of the server)", re.compile(
        r"\(Caused by (?:ResponseError|ProtocolError)\('(?:too many 5\d\d error responses|Connection aborted\.).*?\){2,}")),
    ("<temporary>", re.compile(r"\btmp[a-z0-9_]{8}\b")),
    ("<address>", re.compile(r"\b0x[0-9a-f]{8,16}\b")),
    (r"\1<duration>", re.compile(r"((?:[._]duration|seconds) = )\d+(?:\.\d+)?$")),
    ('next_page_token = "<token>"', re.compile(r'next_page_token = ".+"$')),
]
MILLISECONDS = re.compile(r"\b1\d{12}\b")
DATE = re.compile(r"\b(20\d\d-\d\d-\d\d)[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?")
# MLflow prints Python's sets, whose order is that of a hash.
SET = re.compile(r"\{('[^'{}]*'(?:, '[^'{}]*')+)\}")


class Normaliser:
    """`literals` maps what is known beforehand (addresses, folders) to its placeholder; `now` is in milliseconds."""

    def __init__(self, literals, now):
        self.literals = sorted(literals.items(), key=lambda pair: -len(pair[0]))
        self.now = now
        self.section = None
        self.seen = {}

    def lines(self, text):
        # Not splitlines(), which parts at more characters than the log does.
        return [self.line(line) for line in text.removesuffix("\n").split("\n")]

    def line(self, line):
        section = line.partition(" | ")[0] if " | " in line else None
        if section != self.section:
            self.section, self.seen = section, {}
        for literal, placeholder in self.literals:
            line = line.replace(literal, placeholder)
        line = MILLISECONDS.sub(self.milliseconds, line)
        line = DATE.sub(self.date, line)
        for placeholder, pattern in UNNUMBERED:
            line = pattern.sub(placeholder, line)
        for kind, pattern in NUMBERED:
            line = pattern.sub(lambda found, kind=kind: self.numbered(kind, found), line)
        return SET.sub(lambda found: "{" + ", ".join(sorted(found[1].split(", "))) + "}", line)

    def milliseconds(self, found):
        # The scenarios' own times lie years back and are compared as they are.
        return "<time>" if abs(int(found[0]) - self.now) < DAY else found[0]

    def date(self, found):
        today = datetime.datetime.fromtimestamp(self.now / 1000, datetime.timezone.utc).date()
        return "<time>" if abs((datetime.date.fromisoformat(found[1]) - today).days) <= 1 else found[0]

    def numbered(self, kind, found):
        parts = found.groupdict()
        value = parts.get("value") or found[0]
        known = self.seen.setdefault(kind, {})
        number = known.setdefault(value, len(known) + 1)
        return f"{parts.get('before') or ''}<{kind} {number}>{parts.get('after') or ''}"
