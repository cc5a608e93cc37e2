"""Compares two normalised logs of one scenario, less what is meant to differ."""
import difflib
import re

SIDES = {"-": "mlflow", "+": "aviary"}


class Allowance:
    """The entries of `differences/`, and which of them were of use."""

    def __init__(self, differences):
        self.entries = differences
        for entry in differences:
            check(entry)
        self.used = set()

    def excuses(self, scenario, side, line):
        found = False
        for index, entry in enumerate(self.entries):
            if entry["scenario"] == scenario and side in entry and re.fullmatch(entry[side], line):
                self.used.add((index, side))
                found = True
        return found

    def unused(self, scenarios):
        """Patterns of the scenarios that ran which excused nothing."""
        return [
            f"{entry['scenario']}: no line of {side} alone is like {entry[side]!r} ({entry['reason']})"
            for index, entry in enumerate(self.entries) if entry["scenario"] in scenarios
            for side in SIDES.values() if side in entry and (index, side) not in self.used]


def check(entry):
    extra = set(entry) - {"scenario", "mlflow", "aviary", "reason"}
    if extra or not entry.get("reason") or "scenario" not in entry or not {"mlflow", "aviary"} & set(entry):
        raise ValueError(f"differences: wants scenario, reason, and mlflow or aviary or both, got {entry!r}")


def compared(scenario, mlflow, aviary, allowance):
    """A unified diff in which excused lines do not count: no lines where nothing else differs."""
    difference = list(difflib.unified_diff(mlflow, aviary, "mlflow", "aviary", n=0, lineterm=""))
    unexcused = [
        line for line in difference[2:]
        if line[0] in SIDES and not allowance.excuses(scenario, SIDES[line[0]], line[1:])]
    return difference[:2] + unexcused if unexcused else []
