"""The steps of a feed's life: where a stranger would look for each, and where it is.

The guesses were made from names of folders and files alone. `where` is a file and the function or class in it that does
the step; a step is found when its file is among the guesses.
"""

import ast
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Step:
    """One step, two guesses and the place."""

    what: str
    guesses: tuple[str, str]
    where: str
    """File under `feedproc/`, a colon, a name that is defined there."""

    @property
    def file(self) -> str:
        """The file that does the step."""
        return self.where.partition(":")[0]

    @property
    def is_found(self) -> bool:
        """Whether one of the two guesses is right."""
        return self.file in self.guesses

    def exists(self, root: Path) -> bool:
        """Whether the file is there and defines the name."""
        file, _, name = self.where.partition(":")
        path = root / "feedproc" / file
        return path.is_file() and name in _list_names(path)


def _list_names(path: Path) -> set[str]:
    kinds = ast.FunctionDef | ast.ClassDef
    return {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, kinds)}


STEPS = (
    Step(
        "the request's signature is checked",
        ("mws/signature.py", "mws/authenticate.py"),
        "mws/signature.py:is_signed",
    ),
    Step("the body is read from the wire", ("mws/body.py", "serve/body.py"), "mws/body.py:Body"),
    Step("bytes stored, MD5 compared", ("services/submit.py", "mws/body.py"), "services/submit.py:store"),
    Step(
        "it gets its id and is SUBMITTED",
        ("feeds/submission.py", "embedded/submissions.py"),
        "embedded/submissions.py:add",
    ),
    Step(
        "the next waiting feed is picked",
        ("services/process/pick.py", "embedded/submissions.py"),
        "services/process/pick.py:process_up_to",
    ),
    Step(
        "the XML is cut into messages",
        ("formats/xml/pieces.py", "formats/xml/boundaries.py"),
        "formats/xml/pieces.py:read_pieces",
    ),
    Step(
        "a message is judged by the XSD",
        ("formats/xml/validator.py", "formats/xml/schemas.py"),
        "formats/xml/validator.py:Libxml2First",
    ),
    Step(
        "the payload becomes a body, the body an effect",
        ("feedtypes/order_fulfillment/xml.py", "feedtypes/order_fulfillment/message.py"),
        "feedtypes/order_fulfillment/xml.py:decode",
    ),
    Step(
        "units go back to the stock", ("stock/restocking.py", "orders/cancellation.py"), "stock/restocking.py:restock"
    ),
    Step(
        "a batch is committed once, with its mark",
        ("embedded/batches.py", "services/process/batches.py"),
        "embedded/batches.py:commit",
    ),
    Step(
        "a refused message gets Amazon's words",
        ("formats/xml/verdicts.py", "feedtypes/verdicts.py"),
        "feedtypes/verdicts.py:find_broken_rule",
    ),
    Step(
        "the report is written and fetched",
        ("formats/xml/report.py", "mws/feeds/get_feed_submission_result.py"),
        "formats/xml/report.py:write_report",
    ),
    Step(
        "the buyer's mail goes out",
        ("services/send/send.py", "letters/letter.py"),
        "services/send/send.py:send_pending",
    ),
    Step(
        "after 20 tries it is given up",
        ("services/process/give_up.py", "services/process/process.py"),
        "services/process/give_up.py:give_up",
    ),
)
