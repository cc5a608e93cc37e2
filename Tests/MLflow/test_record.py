"""The log's lines: plain values, their paths, what is refused."""
import enum
import io
import math
import unittest

from record import Log, leaves, plain, raised
from rest import body


class Colour(enum.Enum):
    RED = 1


class Page(list):
    token = "opaque"


class RecordTests(unittest.TestCase):
    def written(self, label, value):
        file = io.StringIO()
        log = Log(file)
        log.begin("part")
        log.value(label, value)
        return file.getvalue().splitlines()

    def test_every_leaf_is_a_line_with_its_path(self):
        self.assertEqual(
            self.written("got", {"b": [1, {"c": "ü\n"}], "a": None}),
            ["part | got: a = null", "part | got: b[0] = 1", 'part | got: b[1].c = "ü\\n"'])

    def test_a_value_without_parts_has_no_path(self):
        self.assertEqual(self.written("got", True), ["part | got: = true"])

    def test_what_is_empty_is_seen(self):
        self.assertEqual(self.written("got", {"a": [], "b": {}}), ["part | got: a = []", "part | got: b = {}"])

    def test_numbers_outside_of_json_are_text(self):
        self.assertEqual(plain([math.nan, math.inf, -math.inf, 1.0]), ["nan", "inf", "-inf", 1.0])

    def test_of_a_page_token_only_its_presence_counts(self):
        self.assertEqual(plain(Page([Colour.RED])), {"items": ["RED"], "more": True})

    def test_a_value_that_is_not_known_is_refused(self):
        with self.assertRaisesRegex(TypeError, "a object has no plain form"):
            plain(object())

    def test_a_label_twice_is_refused(self):
        log = Log(io.StringIO())
        log.value("a", 1)
        with self.assertRaisesRegex(ValueError, "the label 'a' is used twice"):
            log.value("a", 1)

    def test_a_call_that_raises_is_written_down(self):
        file = io.StringIO()
        self.assertIsNone(Log(file).call("bad", int, "x"))
        self.assertIn('raised = "ValueError"', file.getvalue())
        self.assertEqual(raised(KeyError("k")), {"raised": "KeyError", "message": "'k'"})

    def test_leaves_are_in_the_order_of_keys(self):
        self.assertEqual([path for path, _ in leaves({"b": 1, "a": {"d": 1, "c": 1}})], ["a.c", "a.d", "b"])


class BodyTests(unittest.TestCase):
    def test_lists_of_keys_are_put_in_order(self):
        text = (
            b'{"data": {"params": [{"key": "b"}, {"key": "a"}]}, '
            b'"tags": [{"key": "z"}, {"key": "y"}], "runs": [2, 1]}')
        self.assertEqual(body("application/json", text), {
            "data": {"params": [{"key": "a"}, {"key": "b"}]}, "tags": [{"key": "y"}, {"key": "z"}], "runs": [2, 1]})

    def test_other_kinds(self):
        self.assertEqual(body("text/html", b"<p>"), "a page of HTML")
        self.assertEqual(body("text/plain", b"\xff"), "\\xff")
        self.assertEqual(body("application/json", b""), "")


if __name__ == "__main__":
    unittest.main()
