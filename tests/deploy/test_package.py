"""What the tools make of `serverless.yml`: a template that CloudFormation takes, and a small package of code."""

import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.deploy.project import TEMPLATE, Project
from tests.deploy.steps import ROOT, done

pytestmark = [pytest.mark.deploy, pytest.mark.parametrize("tool", ["osls", "serverless"])]
MOST_BYTES = 8_000_000


def names(project: Project) -> list[str]:
    with ZipFile(project.package) as code:
        return code.namelist()


def test_the_template_has_no_fault(packaged: dict[str, Project], tool: str) -> None:
    template = packaged[tool].folder / ".serverless" / TEMPLATE
    done([Path(sys.executable).parent / "cfn-lint", "-i", "W3005", "--", template], ROOT)


def test_functions_run_on_arm_with_libraries_built_for_it(packaged: dict[str, Project], tool: str) -> None:
    functions = [one for one in packaged[tool].template["Resources"].values() if one["Type"] == "AWS::Lambda::Function"]
    assert [one["Properties"]["Architectures"] for one in functions] == [["arm64"]] * 4
    compiled = [one for one in names(packaged[tool]) if one.endswith(".so")]
    assert {"lxml/etree", "msgspec/_core"} <= {one.partition(".")[0] for one in compiled}
    assert all("aarch64" in one for one in compiled)


def test_no_role_but_our_own_is_made(packaged: dict[str, Project], tool: str) -> None:
    resources = packaged[tool].template["Resources"]
    assert sum(one["Type"] == "AWS::IAM::Role" for one in resources.values()) == 4


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
