"""Answers held against the models that Amazon publishes of its APIs, where a folder of them is at hand."""

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema

FOLDER = "SP_API_MODELS"
"""The variable that names the folder. Without it nothing is compared."""


class Modelled(NamedTuple):
    """One operation as a model describes it."""

    name: str
    method: str
    path: re.Pattern[str]
    responses: dict[str, Any]
    definitions: dict[str, Any]


@cache
def load_models() -> tuple[Modelled, ...]:
    """Every operation of the models in the folder; none when there is no folder."""
    folder = os.environ.get(FOLDER)
    models = (
        [json.loads(file.read_text(encoding="utf-8")) for file in sorted(Path(folder).glob("*.json"))] if folder else []
    )
    return tuple(
        Modelled(
            operation["operationId"],
            method.upper(),
            re.compile(re.sub(r"\{\w+\}", "[^/]+", path)),
            operation["responses"],
            close(model["definitions"]),
        )
        for model in models
        for path, methods in model.get("paths", {}).items()
        for method, operation in methods.items()
        if isinstance(operation, dict) and "operationId" in operation
    )


def close(definitions: dict[str, Any]) -> dict[str, Any]:
    """The definitions, with no member allowed that they do not name; parts of others stay open."""
    parts = set(re.findall(r'"allOf": \[.*?\]', json.dumps(definitions)))
    joined = {name for part in parts for name in re.findall(r"#/definitions/(\w+)", part)}
    for name, one in definitions.items():
        if "properties" in one and "allOf" not in one and name not in joined:
            one.setdefault("additionalProperties", False)
    return definitions


def find_faults(method: str, path: str, status: int, body: bytes) -> list[str]:
    """What an answer has that its model does not allow; nothing of one that no model knows."""
    found = next((one for one in load_models() if one.method == method and one.path.fullmatch(path)), None)
    if found is None:
        return []
    declared = found.responses.get(str(status))
    if declared is None:
        return [f"{found.name} declares no status {status}"]
    if "schema" not in declared:
        return [] if body in (b"", b"{}") else [f"{found.name} {status} has no body"]
    schema = {**declared["schema"], "definitions": found.definitions}
    errors = jsonschema.Draft4Validator(schema).iter_errors(json.loads(body))
    return [f"{found.name} {status} {'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in errors]


def find_notice_faults(notice: dict[str, Any]) -> list[str]:
    """What a notification has that its schema does not allow; nothing where there is no folder."""
    folder = os.environ.get(FOLDER)
    if folder is None:
        return []
    kind = notice.get("notificationType") or notice["NotificationType"]
    name = "".join(part.capitalize() for part in kind.split("_"))
    schema = json.loads(Path(folder, f"{name}Notification.json").read_text(encoding="utf-8"))
    errors = jsonschema.Draft7Validator(schema).iter_errors(notice)
    return [f"{kind} {'/'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in errors]
