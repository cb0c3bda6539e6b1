"""The one list of checks: people, hooks and continuous integration all call it.

`nox` runs everything; `nox -s lint types imports` the quick ones. With `--no-venv` they use the environment at hand.
"""

import nox

nox.options.default_venv_backend = "venv"
nox.options.sessions = ["lint", "types", "imports", "tests"]
CODE = ["feedproc", "tests", "bench", "infrastructure", "noxfile.py"]


def _install(session: nox.Session) -> None:
    if session.virtualenv.is_sandboxed:
        session.install("-c", "constraints.txt", "-e", ".[dev]")


@nox.session
def lint(session: nox.Session) -> None:
    """Style and formatting."""
    _install(session)
    session.run("ruff", "check", *CODE)
    session.run("ruff", "format", "--check", *CODE)


@nox.session
def types(session: nox.Session) -> None:
    """Static types, strictly."""
    _install(session)
    session.run("mypy")


@nox.session
def imports(session: nox.Session) -> None:
    """Who may import whom."""
    _install(session)
    session.run("lint-imports")


@nox.session
def tests(session: nox.Session) -> None:
    """Everything under tests/."""
    _install(session)
    session.run("pytest", *session.posargs)


@nox.session(default=False)
def coverage(session: nox.Session) -> None:
    """Which lines and branches the tests reach; counting them makes the tests take more than twice as long."""
    _install(session)
    session.run("pytest", "--cov", "--cov-report=term", *session.posargs)


@nox.session(default=False)
def house(session: nox.Session) -> None:
    """The shape of the house: cycles, lines, names, steps, each beside what it should be."""
    _install(session)
    session.run("python", "bench/house.py", *session.posargs)


@nox.session(default=False)
def bench(session: nox.Session) -> None:
    """Every benchmark, one after another; takes some minutes and wants a quiet machine with xmllint."""
    _install(session)
    for script in ("import_time", "validate", "faulty", "processing", "http_feeds", "memory"):
        session.run("python", f"bench/{script}.py")
