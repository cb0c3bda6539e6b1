"""Importing feedproc does nothing."""

import os
import subprocess
import sys

IMPORT_ALL = """
import codecs
import sys
from importlib import import_module
from pkgutil import walk_packages

register = codecs.register_error
kept = []

def keep(name, handler):
    kept.append((name, handler.__module__))
    register(name, handler)

codecs.register_error = keep
import feedproc

names = [one.name for one in walk_packages(feedproc.__path__, "feedproc.") if not one.name.endswith("__main__")]
for name in names:
    import_module(name)
print(len(names), [name for name, module in kept if module.startswith("feedproc")])
"""

LOOK_UP = "feedproc.serve.read_for_worker.load_feed_types().look_up('POST_PAYMENT_ADJUSTMENT_DATA')"


def test_the_functions_on_aws_load_no_store_of_one_machine() -> None:
    code = "import feedproc.lambdas.api, feedproc.lambdas.worker, feedproc.lambdas.outbox, sys; print(*sys.modules)"
    alone = {**os.environ, "POWERTOOLS_METRICS_NAMESPACE": "test"}
    ran = subprocess.run([sys.executable, "-c", code], env=alone, capture_output=True, text=True, check=True)
    assert {"feedproc.embedded", "sqlite3", "cheroot", "feedproc.control"} & {*ran.stdout.split()} == set()


def test_a_helper_that_reads_a_feed_loads_nothing_that_processes_or_judges_one() -> None:
    code = f"import feedproc.serve.read_for_worker, sys; {LOOK_UP}; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    needless = {"feedproc.ports", "feedproc.formats.misread", "http.client"}
    assert needless & {*ran.stdout.split()} == set()


def test_importing_every_module_registers_no_error_handler() -> None:
    ran = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    count, registered = ran.stdout.split(" ", 1)
    assert int(count) > 300
    assert registered == "[]\n"
