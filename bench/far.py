"""A server that stands before DynamoDB Local: passes requests on, keeps its answers, and plays them back from afar.

`python bench/far.py PORT HOST:PORT`. PUT /record, /play and /pass choose what it does next, and PUT /count tells how
often which operation was asked for since. What is played back comes 5 ms after a read and 15 ms after a write was asked
for, however long DynamoDB Local took; what was not recorded is an error.
"""

import hashlib
import http.client
import json
import sys
import threading
import time
from collections import Counter, defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

READ_SECONDS, WRITE_SECONDS = 0.005, 0.015
READS = {"GetItem", "BatchGetItem", "Query"}
Answer = tuple[int, bytes]


class Far(ThreadingHTTPServer):
    """What all connections share."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, behind: str) -> None:
        super().__init__(("127.0.0.1", port), Handler)
        self.behind = behind
        self.mode = "pass"
        self.lock = threading.Lock()
        self.recorded: dict[bytes, list[Answer]] = defaultdict(list)
        self.played: Counter[bytes] = Counter()
        self.counted: Counter[str] = Counter()
        self.local = threading.local()

    def ask(self, method: str, headers: dict[str, str], body: bytes) -> Answer:
        """Ask DynamoDB Local."""
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection(self.behind)
        self.local.connection.request(method, "/", body, headers)
        answer = self.local.connection.getresponse()
        return answer.status, answer.read()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Far

    def do_PUT(self) -> None:
        far = self.server
        with far.lock:
            told = dict(far.counted)
            if self.path != "/count":
                far.mode = self.path.strip("/")
                far.counted.clear()
                far.played.clear()
        self._send(200, json.dumps(told).encode())

    def do_POST(self) -> None:
        begun = time.perf_counter()
        far = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        if far.mode != "play":
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            answer = far.ask("POST", headers, body)
            if far.mode == "record":
                with far.lock:
                    far.recorded[_digest(operation, body)].append(answer)
            self._send(*answer)
            return
        key = _digest(operation, body)
        with far.lock:
            answers = far.recorded.get(key, [])
            place = min(far.played[key], len(answers) - 1)
            far.played[key] += 1
            far.counted[operation] += 1
        if not answers:
            print(f"not recorded: {operation} {body[:2000]!r}", file=sys.stderr)
            self._send(400, b'{"__type": "com.amazonaws.dynamodb.v20120810#ValidationException"}')
            return
        seconds = READ_SECONDS if operation in READS else WRITE_SECONDS
        time.sleep(max(0.0, begun + seconds - time.perf_counter()))
        self._send(*answers[place])

    def _send(self, status: int, body: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _digest(operation: str, body: bytes) -> bytes:
    """Return what tells one request from another, in whatever order it asks for keys."""
    if operation == "BatchGetItem":
        asked = json.loads(body)["RequestItems"]
        body = repr({table: sorted(map(repr, one["Keys"])) for table, one in asked.items()}).encode()
    return hashlib.sha256(operation.encode() + body).digest()


if __name__ == "__main__":
    Far(int(sys.argv[1]), sys.argv[2]).serve_forever()
