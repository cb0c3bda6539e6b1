"""What a restricted data token opens."""

from feedproc.spapi.access import Resource


def opens(resource: Resource, method: str, path: str) -> bool:
    """Say whether a resource of a token is this operation: a name in braces stands for any one part of a path."""
    if resource.method != method:
        return False
    parts, named = path.strip("/").split("/"), resource.path.strip("/").split("/")
    return len(parts) == len(named) and all(_matches(one, part) for one, part in zip(named, parts, strict=True))


def _matches(named: str, part: str) -> bool:
    return named == part or (named.startswith("{") and named.endswith("}"))
