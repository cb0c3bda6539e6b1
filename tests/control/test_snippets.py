"""The snippets for programs in other languages: what they tell a shell works as it stands there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from tests.control.test_control import SCENARIO

PAGE = Path(__file__).parents[2] / "docs/testing.md"
COMPOSE, ACTIONS = (yaml.safe_load(one) for one in re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(), re.S | re.M))
SERVE_IN_CONTAINER = re.findall(r'with_command\("(.*)"\)', PAGE.read_text())
FEEDPROC = f"{shlex.quote(sys.executable)} -m feedproc "


def run(script: str, folder: Path) -> str:
    """Run lines of a shell; what they leave running is stopped."""
    ran = subprocess.run(
        ["bash", "-ec", f"trap 'kill $(jobs -p)' EXIT\n{script}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def move(line: str, port: int) -> str:
    """The same line, for feedproc as it stands here and a server at another port."""
    line = line.replace("feedproc ", FEEDPROC, 1)
    if " serve " in line:
        return line.replace(" --port 8080", "").replace(" serve ", f" serve --port {port} ", 1)
    words = line.split(" ", 4)
    return " ".join([*words[:4], f"--url http://127.0.0.1:{port}", *words[4:]])


def find_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def test_the_steps_for_github_actions_run(tmp_path: Path) -> None:
    port = find_port()
    steps: list[dict[str, Any]] = [one for one in ACTIONS if one["run"].startswith("feedproc")]
    assert len(steps) == 3
    run("\n".join(move(one["run"], port) for one in steps), tmp_path)
    assert '"version": "1.2"' in (tmp_path / "calls.har").read_text()


def test_the_container_serves_and_its_health_is_told(tmp_path: Path) -> None:
    port, service = find_port(), COMPOSE["services"]["amazon"]
    assert [service["command"]] == SERVE_IN_CONTAINER
    (tmp_path / "shop.toml").write_text(SCENARIO)
    here = f"feedproc {service['command']} &".replace("0.0.0.0", "127.0.0.1").replace("/shop.toml", "shop.toml")
    check = move(service["healthcheck"]["test"], port).replace("--seconds 1", "--seconds 60")
    stock = f"curl -sH 'Authorization: Bearer for-tests' http://127.0.0.1:{port}/_feedproc/stock"
    assert '{"TEA-05":3}' in run(f"{move(here, port)}\n{check}\n{stock}", tmp_path)
