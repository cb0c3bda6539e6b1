"""What the tools make of `serverless.yml`: a template that CloudFormation takes, and a small package of code."""

import os
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.deploy.deployment import HERE
from tests.deploy.project import NOBODY, TEMPLATE, Project
from tests.deploy.steps import ROOT, done
from tests.deploy.test_template import EDGES

pytestmark = pytest.mark.deploy
with_each_tool = pytest.mark.parametrize("tool", ["osls", "serverless"])
MOST_BYTES = 10_000_000
"""With bytecode."""
AARCH64 = 183
"""Of ELF (e_machine)."""
CFN_LINT = Path(sys.executable).parent / "cfn-lint"


def names(project: Project) -> list[str]:
    with ZipFile(project.package) as code:
        return code.namelist()


def find_machines(project: Project) -> dict[str, int]:
    """The kind of processor that each compiled library is for, as its ELF header says."""
    with ZipFile(project.package) as code:
        compiled = [one for one in code.namelist() if one.endswith(".so")]
        return {one: int.from_bytes(code.read(one)[18:20], "little") for one in compiled}


@with_each_tool
def test_the_template_has_no_fault(packaged: dict[str, Project], tool: str) -> None:
    template = packaged[tool].folder / ".serverless" / TEMPLATE
    done([CFN_LINT, "-i", "W3005", "--", template], ROOT)


@pytest.mark.parametrize("name", EDGES)
def test_the_template_has_no_fault_at_the_edges_of_what_can_be_chosen(packaged: dict[str, Project], name: str) -> None:
    template = packaged["osls"].folder / ".serverless" / TEMPLATE
    for value in EDGES[name][0]:
        done([CFN_LINT, "-i", "W3005", "--parameters", f"{name}={value}", "--", template], ROOT)


@with_each_tool
@pytest.mark.parametrize(
    "params",
    [
        {"keep": "Retain", "protect": "true", "tracing": "Active", "python": "python3.14"},
        {"apiReserved": "5", "workerReserved": "5", "python": "python3.11", "prefix": "shop"},
    ],
)
def test_the_template_has_no_fault_with_other_choices(
    packaged: dict[str, Project], tool: str, params: dict[str, str], tmp_path: Path
) -> None:
    project = Project(tmp_path / "project", tool)
    project.install(packaged[tool].folder / "node_modules")
    project.run("package", **params)
    done([CFN_LINT, "-i", "W3005", "--", project.folder / ".serverless" / TEMPLATE], ROOT)


@with_each_tool
@pytest.mark.parametrize("params", [{"keep": "retain"}, {"python": "python3.9"}, {"architecture": "arm"}])
def test_a_choice_that_there_is_not_is_refused_when_packaging(
    packaged: dict[str, Project], tool: str, params: dict[str, str], tmp_path: Path
) -> None:
    project = Project(tmp_path / "project", tool)
    project.install(packaged[tool].folder / "node_modules")
    with pytest.raises(RuntimeError, match="Cannot resolve"):
        project.run("package", **params)


@with_each_tool
def test_functions_run_on_arm_with_libraries_built_for_it(packaged: dict[str, Project], tool: str) -> None:
    functions = [one for one in packaged[tool].template["Resources"].values() if one["Type"] == "AWS::Lambda::Function"]
    assert [one["Properties"]["Architectures"] for one in functions] == [["arm64"]] * 4
    machines = find_machines(packaged[tool])
    assert {"lxml/etree", "msgspec/_core"} <= {one.partition(".")[0] for one in machines}
    assert set(machines.values()) == {AARCH64}


def test_both_tools_offer_the_same_choices(packaged: dict[str, Project]) -> None:
    assert packaged["osls"].template["Parameters"] == packaged["serverless"].template["Parameters"]


@with_each_tool
def test_no_role_but_our_own_is_made(packaged: dict[str, Project], tool: str) -> None:
    resources = packaged[tool].template["Resources"]
    assert sum(one["Type"] == "AWS::IAM::Role" for one in resources.values()) == 4


@with_each_tool
def test_the_package_holds_what_functions_need_and_no_more(packaged: dict[str, Project], tool: str) -> None:
    found = names(packaged[tool])
    for needed in (
        "feedproc/lambdas/api.py",
        "schemas/amzn-envelope.xsd",
        "apig_wsgi/__init__.py",
        "jinja2/__init__.py",
    ):
        assert needed in found
    tops = {one.partition("/")[0] for one in found}
    assert not tops & {"tests", "docs", "bench", "samples", "moto", "boto3", "botocore", "node_modules", ".git"}
    assert not [one for one in found if one.startswith(("feedproc/cli", "feedproc/serve", "feedproc/console"))]
    assert packaged[tool].package.stat().st_size < MOST_BYTES


@pytest.fixture(scope="module")
def here(packaged: dict[str, Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What is packaged for this machine's processor and Python."""
    project = Project(tmp_path_factory.mktemp("here") / "project")
    project.install(packaged["osls"].folder / "node_modules")
    project.run("package", **HERE)
    return project


def load_functions(task: Path) -> None:
    """Load all functions from an unpacked package, as Lambda does where nothing can be written."""
    imports = [f"import feedproc.lambdas.{one} as module" for one in ("api", "worker", "dead_letter", "outbox")]
    done([sys.executable, "-B", "-c", "; ".join([*imports, f"assert {str(task)!r} in module.__file__"])], task)


def test_functions_are_loaded_from_the_bytecode_in_their_package(here: Project, tmp_path: Path) -> None:
    with ZipFile(here.package) as code:
        code.extractall(tmp_path)
    for source in tmp_path.rglob("*.py"):
        source.write_text("raise RuntimeError('compiled anew')")
    load_functions(tmp_path)


def test_functions_are_loaded_without_bytecode_too(here: Project, tmp_path: Path) -> None:
    with ZipFile(here.package) as code:
        code.extractall(tmp_path, [one for one in code.namelist() if "__pycache__" not in one])
    load_functions(tmp_path)


def test_without_the_functions_python_a_package_holds_no_bytecode_and_the_tool_says_so(
    packaged: dict[str, Project], tmp_path: Path
) -> None:
    other = "python3.14" if sys.version_info.minor != 14 else "python3.13"
    absent = tmp_path / "bin" / other
    absent.parent.mkdir()
    absent.write_text("#!/bin/sh\nexit 127")
    absent.chmod(0o755)
    project = Project(tmp_path / "project")
    project.install(packaged["osls"].folder / "node_modules")
    environment = {**NOBODY, "PATH": f"{absent.parent}:{os.environ['PATH']}"}
    told = project.run("package", environment, python=other, pip=sys.executable)
    assert f"No {other} is at hand: the package holds no bytecode" in told
    assert not [one for one in names(project) if one.endswith(".pyc")]
