"""What is put into a package of code so that functions need not compile it at each cold start."""

import sys
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

from tests.deploy.steps import ROOT, done

MODULE = """
def greet(name):
    return "hello" if name in {"anne", "bert", "carl"} else "who are you?"
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one module, which has no time of its own, as nothing in a package has."""
    return make_package(tmp_path / "code.zip")


def make_package(package: Path) -> Path:
    with ZipFile(package, "w") as code:
        code.writestr(ZipInfo("shop/greeting.py"), MODULE)
    done([sys.executable, "-I", ROOT / "infrastructure" / "bytecode.py", package], package.parent)
    return package


def test_a_module_is_run_from_its_bytecode_without_a_look_at_its_source(package: Path, tmp_path: Path) -> None:
    with ZipFile(package) as code:
        code.extractall(tmp_path)
    (tmp_path / "shop" / "greeting.py").write_text("raise RuntimeError('compiled anew')")
    told = done([sys.executable, "-B", "-c", "from shop.greeting import greet; print(greet('anne'))"], tmp_path)
    assert told == "hello\n"


def test_what_is_in_the_package_stays_as_it_was(package: Path) -> None:
    with ZipFile(package) as code:
        assert code.read("shop/greeting.py").decode() == MODULE
        tag = sys.implementation.cache_tag
        assert code.namelist() == ["shop/greeting.py", f"shop/__pycache__/greeting.{tag}.pyc"]


def test_the_same_code_makes_the_same_package_so_that_nothing_is_deployed_twice(package: Path, tmp_path: Path) -> None:
    assert make_package(tmp_path / "again.zip").read_bytes() == package.read_bytes()


def test_a_traceback_names_files_where_lambda_unpacks_them(package: Path) -> None:
    with ZipFile(package) as code:
        assert b"/var/task/shop/greeting.py" in code.read(code.namelist()[1])
