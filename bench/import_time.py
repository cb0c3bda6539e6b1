"""What imports cost: the MWS application beside a bare `import lxml.etree`, and the function `api` beside boto3."""

import statistics
import subprocess
import sys
import time

RUNS = 15


def milliseconds(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000


def compared(ours: str, peer: str, allowed: int) -> str:
    """A row of the table: medians over alternating runs."""
    pairs = [(milliseconds(f"import {ours}"), milliseconds(f"import {peer}")) for _ in range(RUNS)]
    extra = statistics.median(one - other for one, other in pairs)
    medians = [statistics.median(times) for times in zip(*pairs, strict=True)]
    return (
        f"| `import {ours}` beside `import {peer}` | {medians[0]:.0f} ms | {medians[1]:.0f} ms "
        f"| +{extra:.0f} ms | ≤ +{allowed} ms | {'met' if extra <= allowed else 'missed'} |"
    )


def main() -> None:
    print("| what | ours | peer | extra | target | |\n|---|---|---|---|---|---|")
    print(compared("feedproc.mws.app", "lxml.etree", 150))
    print(compared("boto3, feedproc.lambdas.api", "boto3", 250))


if __name__ == "__main__":
    main()
