"""Performs one module of scenarios with the MLflow client of the Python that runs this, and writes its log.

    perform.py MODULE LOG        with MLFLOW_TRACKING_URI in the environment

The status is 1 where a scenario was stopped by an exception of its own.
"""
import importlib
import inspect
import sys
import traceback

import mlflow
from record import Log, raised


def scenarios(module):
    """The module's public functions that take (client, log), in the order in which they stand."""
    return [
        function for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")]


def perform(module, log):
    """Gives whether every scenario came to its end."""
    good = True
    for scenario in scenarios(module):
        log.begin(scenario.__name__)
        try:
            scenario(mlflow.MlflowClient(), log)
        except Exception as error:  # the scenarios after this one have something to say as well
            traceback.print_exc()
            log.value("stopped", raised(error))
            good = False
        finally:
            while mlflow.active_run():
                mlflow.end_run()
    return good


def main(name, path):
    with open(path, "w", encoding="utf-8") as file:
        return 0 if perform(importlib.import_module(f"scenarios.{name}"), Log(file)) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
