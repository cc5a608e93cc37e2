"""Placeholders: what gets one, what stays, and that equal values stay equal."""
import unittest

from normalise import Normaliser

NOW = 1_800_000_000_000
ONE, TWO = "0123456789abcdef" * 2, "fedcba9876543210" * 2


class NormaliserTests(unittest.TestCase):
    def setUp(self):
        self.normaliser = Normaliser({"/tmp/store": "<folder>", "/tmp/store/deep": "<deeper>"}, NOW)

    def line(self, text):
        return self.normaliser.line(text)

    def test_ids_are_numbered_by_first_appearance(self):
        self.assertEqual(self.line(f'a = "{TWO}"'), 'a = "<id 1>"')
        self.assertEqual(self.line(f'b = "{ONE}/{TWO}"'), 'b = "<id 2>/<id 1>"')
        self.assertEqual(self.line(f'c = "m-{ONE}"'), 'c = "<model 1>"')

    def test_each_section_numbers_anew(self):
        self.assertEqual(self.line(f'one | a: = "{ONE}"'), 'one | a: = "<id 1>"')
        self.assertEqual(self.line(f'one | b: = "{TWO} {ONE}"'), 'one | b: = "<id 2> <id 1>"')
        self.assertEqual(self.line(f'two | a: = "{TWO}"'), 'two | a: = "<id 1>"')

    def test_a_statement_of_a_message_is_cut(self):
        self.assertEqual(
            self.line(f'a | b: message = "failed\\n[SQL: INSERT INTO runs]\\n[parameters: (\'{ONE}\')]"'),
            'a | b: message = "failed\\n[SQL]')
        self.assertEqual(self.line(f'a | c: = "{TWO}"'), 'a | c: = "<id 1>"')

    def test_a_longer_hexadecimal_number_is_no_id(self):
        self.assertEqual(self.line(f'"{ONE}ab"'), f'"{ONE}ab"')
        self.assertEqual(self.line(f'"{ONE}{ONE[:8]}"'), '"<commit>"')

    def test_times_near_now_have_no_number_and_others_stay(self):
        self.assertEqual(self.line(f"t = {NOW + 5}"), "t = <time>")
        self.assertEqual(self.line("t = 1700000000000"), "t = 1700000000000")
        self.assertEqual(self.line('"2027-01-15 08:00:01.250000"'), '"<time>"')
        self.assertEqual(self.line('"2023-01-01 00:00:00"'), '"2023-01-01 00:00:00"')

    def test_experiments_beyond_the_first(self):
        self.assertEqual(self.line('x: info.experiment_id = "7"'), 'x: info.experiment_id = "<experiment 1>"')
        self.assertEqual(self.line('x: info.experiment_id = "0"'), 'x: info.experiment_id = "0"')
        self.assertEqual(self.line(f'"mlflow-artifacts:/7/{ONE}/artifacts"'),
                         '"mlflow-artifacts:/<experiment 1>/<id 1>/artifacts"')
        self.assertEqual(self.line('"No Experiment with id=8 exists"'), '"No Experiment with id=<experiment 2> exists"')
        self.assertEqual(self.line('"No tag with name: k in experiment with id 7"'),
                         '"No tag with name: k in experiment with id <experiment 1>"')
        self.assertEqual(self.line('"The experiment 7 must be"'), '"The experiment <experiment 1> must be"')

    def test_generated_names(self):
        self.assertEqual(self.line('n = "brave-owl-123"'), 'n = "<name 1>"')
        self.assertEqual(self.line('n = "a brave-owl-123"'), 'n = "a brave-owl-123"')

    def test_an_error_of_the_server_is_seen_as_an_answer_or_as_a_closed_connection(self):
        for cause in [
                "ResponseError('too many 500 error responses'))",
                "ProtocolError('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer')))",
                "ProtocolError('Connection aborted.', RemoteDisconnected('Remote end closed connection')))"]:
            self.assertEqual(self.line(f'"x (Caused by {cause}"'), '"x (Caused by an error of the server)"')
        other = '"x (Caused by NewConnectionError(\'refused\'))"'
        self.assertEqual(self.line(other), other)

    def test_the_longest_literal_counts(self):
        self.assertEqual(self.line("/tmp/store/deep/x /tmp/store/x"), "<deeper>/x <folder>/x")

    def test_sets_are_put_in_order(self):
        self.assertEqual(self.line("keys are '{'b', 'a'}'"), "keys are '{'a', 'b'}'")
        self.assertEqual(self.line("{'a': 1, 'b': 2}"), "{'a': 1, 'b': 2}")

    def test_durations_and_tokens(self):
        self.assertEqual(self.line("x: fit_seconds = 0.25"), "x: fit_seconds = <duration>")
        self.assertEqual(self.line('x: body.next_page_token = "abc"'), 'x: body.next_page_token = "<token>"')

    def test_lines_part_only_where_the_log_does(self):
        self.assertEqual(self.normaliser.lines("a\u2028b\nc\n"), ["a\u2028b", "c"])


if __name__ == "__main__":
    unittest.main()
