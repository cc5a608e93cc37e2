"""Parts of patterns, and reasons, that several families have."""
import re


def among(*labels):
    """A pattern of any of these labels, each as it stands."""
    return "(" + "|".join(re.escape(label) for label in labels) + ")"


# What the client shows of an error.
RAISED = r"(error_code|message|raised) = .*"
# The fields of an answer that refuses.
REFUSED = r"(body\.(error_class|error_code|message|sqlstate)|status) = .*"
# An answer that says no more than that it is done.
EMPTY = r"(body = \{\}|status = 200)"
SERVER_FAILS = r"(body = \"a page of HTML\"|status = 500)"

NO_SQL = "Messages have no SQL; MLflow's quote the statement that failed."
SPACES = "JSON has no spaces between its parts; MLflow's has."
WRONG_TYPE = ("A field of the wrong type, or out of its range, is refused, and nothing is stored; MLflow takes another "
              "value for it, or answers 500.")
LOGIC = "Filters take OR, NOT and parentheses everywhere; MLflow has AND alone."
HALF = ("A filter whose AND, or whose list, has a part missing is refused everywhere; MLflow overlooks that in some "
        "places.")
