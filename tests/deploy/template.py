"""The files of the deployment, read without any tool."""

from typing import Any

import yaml

from tests.deploy.steps import ROOT


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms: `!Ref x` becomes `{"Ref": "x"}`."""


def _short(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short)


def read(path: str) -> Any:
    """Return a file of the deployment, decoded."""
    return yaml.load((ROOT / path).read_text(), _Loader)


def service() -> Any:
    """Return `serverless.yml`."""
    return read("serverless.yml")


def resources() -> dict[str, Any]:
    """Return all resources that we write ourselves, by their logical ids."""
    return {
        name: resource
        for file in ("store", "tables", "queues", "roles", "alarms", "dashboard")
        for name, resource in read(f"infrastructure/{file}.yml")["Resources"].items()
    }


def parameters() -> dict[str, Any]:
    """Return what can be chosen, by name, with its bounds."""
    found: dict[str, Any] = read("infrastructure/parameters.yml")["Parameters"]
    return found


def statements(role: str) -> list[dict[str, Any]]:
    """Return what a role always allows; beside that it may be allowed to trace."""
    policy, _ = resources()[role]["Properties"]["Policies"]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def granted(role: str) -> set[tuple[str, str]]:
    """Return what a role allows: pairs of action and logical id, or what stands in its place."""
    return {
        (action, _named(resource))
        for statement in statements(role)
        for action in statement["Action"]
        for resource in (statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]])
    }


def _named(resource: dict[str, str]) -> str:
    ((_, value),) = resource.items()
    if value.startswith("${") and "/index/" in value:
        return value.removeprefix("${").replace(".Arn}/index/", "/")
    if value.startswith("arn:"):
        return value.replace("${AWS::Partition}", "aws").split(":")[2]
    return value.removeprefix("${").partition(".Arn")[0]
