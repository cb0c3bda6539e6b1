"""Replay a folder of cases against a server of this machine, and say how many end as they should.

A case is a folder of that folder: feeds, often with the orders that they are about (`orders.jsonl`), or a program that
speaks to the server named by FEEDPROC_AT. What is done with it, and what must come of it, stands in `cases.toml` beside
this file, or in another table given by `--outcomes`. All cases share one store, so no two may have an order in common.
"""

import argparse
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import requests

from feedproc.cli import main as feedproc
from feedproc.wiring.local_seller import LOCAL_SELLER

OUTCOMES = Path(__file__).with_name("cases.toml")
_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_PATIENCE = 60
"""Seconds until a server must have begun."""


class NotServing(Exception):
    """A server that does not begin."""


class Shop(NamedTuple):
    """A server with a store of its own, and the commands that look into it."""

    store: Path
    url: str

    def run(self, *arguments: str) -> str:
        """Return all that a command of `feedproc` prints."""
        os.environ["FEEDPROC_DATA_DIR"] = str(self.store)
        printed = TextIOWrapper(BytesIO(), "utf-8")
        with redirect_stdout(printed), redirect_stderr(printed):
            feedproc(arguments)
        printed.flush()
        return printed.buffer.getvalue().decode("utf-8", "replace")

    def list_orders(self) -> Mapping[str, str]:
        """Return what became of each order, by its id: its status, its packages and what was refunded."""
        lines = self.run("orders", "list", "--format", "json", "--limit", "10000").splitlines()
        return {one["amazon_order_id"]: _describe_order(one) for one in map(msgspec.json.decode, lines)}


def do_feed(shop: Shop, case: Path, step: Mapping[str, Any]) -> Iterator[str]:
    """Validate a feed and submit it; yield what is not as the step has it."""
    if "content" in step:
        (case / step["feed"]).write_bytes(step["content"].encode(step["encoding"]))
    how = [str(case / step["feed"]), "--feed-type", step["type"]]
    how += ["--charset", step["charset"]] if "charset" in step else []
    owner = ["--merchant", LOCAL_SELLER.merchant_token]
    yield from _list_missing(step.get("validate", ()), shop.run("validate", *how, *owner), "validate does not say")
    told = msgspec.json.decode(shop.run("submit", *how, "--wait", "--format", "json", "--endpoint", shop.url))
    counts, results = list(told["summary"].values()), told["results"]
    if counts != step["counts"]:
        yield f"counts are {counts}, not {step['counts']}"
    codes = [f"{one['message_id']} {one['code']}" for one in results]
    if codes != step.get("results", []):
        yield f"results are {codes}, not {step.get('results', [])}"
    texts = "\n".join(f"{one['description']}\n{one['reason'] or ''}" for one in results)
    yield from _list_missing(step.get("says", ()), texts, "no result says")


def do_command(shop: Shop, case: Path, step: Mapping[str, Any]) -> Iterator[str]:
    """Run a command of `feedproc`."""
    places = {"case": case, "store": shop.store}
    printed = shop.run(*(one.format_map(places) for one in step["command"]))
    yield from _list_missing(step["says"], printed, f"`{step['command'][0]}` does not say")


def do_program(shop: Shop, case: Path, step: Mapping[str, Any]) -> Iterator[str]:
    """Run a program of the case; each of its answers begins with `---` and a name, and says what the step lists."""
    for name, stand_in in step.get("borrows", {}).items():
        (case.parent / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(case.parent / stand_in, case.parent / name)
    # A relative path there would be one of the case's folder.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment = {**kept, "FEEDPROC_AT": shop.url.removeprefix("http://")}
    command = [sys.executable, step["program"]]
    done = subprocess.run(command, cwd=case, env=environment, capture_output=True, text=True, check=False)
    answers = done.stdout.split("\n--- ")
    for name, wanted in step["answers"].items():
        found = next((one for one in answers if one.removeprefix("--- ").startswith(name)), None)
        if found is None:
            yield f"{step['program']} got no answer to {name}: {done.stderr[-500:]}"
        else:
            yield from _list_missing(wanted, found, f"the answer to {name} does not say")


def do_upload(shop: Shop, case: Path, step: Mapping[str, Any]) -> Iterator[str]:
    """Upload a file in the console, and look at the page that follows."""
    visitor, pages = requests.Session(), f"{shop.url}/console"
    visitor.post(f"{pages}/sign-in/here", data=_list_hidden(visitor.get(f"{pages}/sign-in").text))
    file = {"feed": (Path(step["upload"]).name, (case / step["upload"]).read_bytes())}
    page = visitor.post(f"{pages}/feeds/upload", data=_list_hidden(visitor.get(f"{pages}/feeds").text), files=file).text
    shown = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    yield from _list_missing(step["says"], shown, "the page does not say")


def _list_hidden(page: str) -> dict[str, str]:
    return {name: html.unescape(value) for name, value in re.findall(r'name="(token|form_id)" value="([^"]*)"', page)}


def do_serve(shop: Shop, case: Path, step: Mapping[str, Any]) -> Iterator[str]:
    """Start another server, and ask it some things, each of which it must grant."""
    try:
        with serve(*step["serve"]) as (url, log):
            yield from _list_missing(step.get("says", ()), log.read_text("utf-8"), "the server does not say")
            for verb, path, *body in step.get("asks", ()):
                answer = requests.request(verb, f"{url}{path}", data=body[0] if body else None, timeout=_PATIENCE)
                if not answer.ok:
                    yield f"{verb} {path} is answered {answer.status_code}: {answer.text[:200]}"
    except NotServing as error:
        yield f"{error}"


DOERS = {"feed": do_feed, "command": do_command, "program": do_program, "upload": do_upload, "serve": do_serve}
"""How each kind of step is done; a step is of the kind whose name it has."""


def replay(shop: Shop, case: Path, outcome: Mapping[str, Any]) -> list[str]:
    """Do what a case does, and return what came out otherwise than it should."""
    if (case / "orders.jsonl").exists():
        shop.run("orders", "load", str(case / "orders.jsonl"))
    wrong = []
    for step in outcome["steps"]:
        kind = next(kind for kind in DOERS if kind in step)
        name = step[kind] if isinstance(step[kind], str) else kind
        wrong += [f"{name}: {one}" for one in DOERS[kind](shop, case, step)]
    orders = shop.list_orders() if "orders" in outcome else {}
    for order_id, wanted in outcome.get("orders", {}).items():
        if orders.get(order_id) != wanted:
            wrong.append(f"order {order_id} is {orders.get(order_id)!r}, not {wanted!r}")
    return wrong


@contextmanager
def serve(*arguments: str) -> Iterator[tuple[str, Path]]:
    """Serve at any port until the end; give the address, and the file of what the server says."""
    with tempfile.NamedTemporaryFile() as out:
        log = Path(out.name)
        server = subprocess.Popen([sys.executable, "-m", "feedproc", "serve", *arguments], stdout=out, stderr=out)
        try:
            yield _wait_for_address(server, log), log
        finally:
            server.terminate()
            server.wait()


def _wait_for_address(server: "subprocess.Popen[bytes]", log: Path) -> str:
    began = time.monotonic()
    while "MarketplaceId" not in log.read_text("utf-8"):
        if server.poll() is not None or time.monotonic() - began > _PATIENCE:
            raise NotServing(f"the server does not begin: {log.read_text('utf-8')}")
        time.sleep(0.1)
    found = _ADDRESS.search(log.read_text("utf-8"))
    assert found is not None
    return found[0]


def _list_missing(wanted: Sequence[str], text: str, complaint: str) -> Iterator[str]:
    """Yield a complaint for each text that is missing; blanks and line ends are all one."""
    known = " ".join(text.split())
    yield from (f"{complaint} {one!r}: {known[:600]}" for one in wanted if one not in known)


def _describe_order(order: Mapping[str, Any]) -> str:
    packages = [f"{one.get('carrier')} {one.get('tracking_number')}" for one in order.get("packages", ())]
    refunds = [
        " ".join(f"{name} {float(amount):g}" for name, amount in one["amounts"].items())
        for one in order.get("refunds", ())
    ]
    return "; ".join([order["status"], *packages, *refunds])


def main() -> None:
    """Replay all cases, or those that are named; the exit code is 1 unless all end as they should."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of cases")
    parser.add_argument("names", nargs="*", help="of cases; all unless given")
    parser.add_argument("--outcomes", type=Path, default=OUTCOMES)
    options = parser.parse_args()
    outcomes = tomllib.loads(options.outcomes.read_text("utf-8"))
    right = 0
    with tempfile.TemporaryDirectory() as place:
        folder, store = Path(place) / "cases", Path(place) / "store"
        shutil.copytree(options.folder, folder, copy_function=shutil.copyfile)
        names = options.names or sorted(one.name for one in folder.iterdir() if one.is_dir())
        with serve("--port", "0", "--workers", "1", "--data-dir", str(store)) as (url, _):
            for name in names:
                outcome = outcomes.get(name)
                shop = Shop(store, url)
                wrong = ["no outcome is known of it"] if outcome is None else replay(shop, folder / name, outcome)
                right += not wrong
                print(f"{'wrong' if wrong else 'right'} {name} {(outcome or {}).get('about', '')}", flush=True)
                print("".join(f"      {one}\n" for one in wrong), end="", flush=True)
    print(f"{right} of {len(names)}")
    raise SystemExit(right != len(names))


if __name__ == "__main__":
    main()
