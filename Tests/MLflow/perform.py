"""Performs one module of scenarios with the MLflow client of the Python that runs this, and writes its log.

    perform.py MODULE LOG        with MLFLOW_TRACKING_URI in the environment
"""
import importlib
import inspect
import sys
import traceback

import mlflow
from record import STOPPED, Log, raised


def scenarios(module):
    """The module's public functions that take (client, log), in the order in which they stand."""
    return [
        function for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_")]


def perform(module, log):
    for scenario in scenarios(module):
        log.begin(scenario.__name__)
        try:
            scenario(mlflow.MlflowClient(), log)
        except Exception as error:  # the scenarios after this one have something to say as well
            traceback.print_exc()
            log.value(STOPPED, raised(error))
        finally:
            while mlflow.active_run():
                mlflow.end_run()


def main(name, path):
    with open(path, "w", encoding="utf-8") as file:
        perform(importlib.import_module(f"scenarios.{name}"), Log(file))


if __name__ == "__main__":
    main(*sys.argv[1:])
