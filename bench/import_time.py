"""What `import feedproc.mws.app` costs beside a bare `import lxml.etree`."""

import statistics
import subprocess
import sys
import time

RUNS = 15


def milliseconds(code: str) -> float:
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return (time.perf_counter() - begin) * 1000


def main() -> None:
    pairs = [(milliseconds("import feedproc.mws.app"), milliseconds("import lxml.etree")) for _ in range(RUNS)]
    extra = statistics.median(ours - peer for ours, peer in pairs)
    print("| what | feedproc.mws.app | lxml.etree | extra | target | |\n|---|---|---|---|---|---|")
    print(
        f"| import | {statistics.median(a for a, _ in pairs):.0f} ms | {statistics.median(b for _, b in pairs):.0f} ms "
        f"| +{extra:.0f} ms | ≤ +150 ms | {'met' if extra <= 150 else 'missed'} |"
    )


if __name__ == "__main__":
    main()
