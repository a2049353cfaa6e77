"""A load on one address: requests one after another on `clients` kept-alive connections."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """One request: method, path, headers; `body` is sent as a form."""

    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def wire(self, port: int) -> bytes:
        """The request as it goes over the wire (RFC 9112)."""
        headers = {"Host": f"localhost:{port}", "Accept-Encoding": "gzip", **self.headers}
        if self.method == "POST":
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Content-Length": str(len(self.body.encode())),
            }
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]
        return ("\r\n".join(lines) + "\r\n\r\n" + self.body).encode()


@dataclass(frozen=True)
class Measured:
    """What one load showed."""

    requests: int
    seconds: float
    p95_ms: float
    body_bytes: int
    statuses: dict[int, int]

    @property
    def per_second(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    status = int(lines[0].split()[1])
    fields = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
    size = 0
    if "content-length" in fields:
        size = int(fields["content-length"])
        await reader.readexactly(size)
    elif fields.get("transfer-encoding") == "chunked":
        while True:
            length = int(await reader.readline(), 16)
            await reader.readexactly(length + 2)
            size += length
            if not length:
                break
    return status, size, fields.get("connection") != "close"


async def _client(
    port: int, calls: list[Call], until: float, seen: list[tuple[float, int, int]]
) -> None:
    reader = writer = None
    turn = 0
    while time.perf_counter() < until:
        if writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert reader is not None
        started = time.perf_counter()
        writer.write(calls[turn % len(calls)].wire(port))
        status, size, keep = await _answer(reader)
        seen.append((time.perf_counter() - started, status, size))
        turn += 1
        if not keep:
            writer.close()
            writer = None
    if writer is not None:
        writer.close()


def repeat(walk: Callable[[], list[tuple[int, int]]], seconds: float) -> Measured:
    """One visitor, the same walk again and again for `seconds`; p95 is that of a whole walk."""
    times, answers = [], []
    started = time.perf_counter()
    while time.perf_counter() < started + seconds:
        begun = time.perf_counter()
        answers += walk()
        times.append(time.perf_counter() - begun)
    took = time.perf_counter() - started
    p95 = sorted(times)[int(len(times) * 0.95)] * 1000
    statuses = dict(Counter(status for status, _ in answers))
    sizes = sum(size for _, size in answers)
    return Measured(len(answers), took, p95, sizes // len(answers), statuses)


async def _run(port: int, calls: list[Call], clients: int, seconds: float) -> Measured:
    seen: list[tuple[float, int, int]] = []
    started = time.perf_counter()
    await asyncio.gather(*(_client(port, calls, started + seconds, seen) for _ in range(clients)))
    took = time.perf_counter() - started
    times = sorted(item[0] for item in seen)
    statuses: dict[int, int] = {}
    for _, status, _ in seen:
        statuses[status] = statuses.get(status, 0) + 1
    sizes = [size for _, status, size in seen if status < 400] or [0]
    p95 = times[int(len(times) * 0.95)] * 1000 if times else 0.0
    return Measured(len(seen), took, p95, sum(sizes) // len(sizes), statuses)


def load(port: int, calls: list[Call], clients: int, seconds: float) -> Measured:
    """Ask for `calls` in turn on `clients` connections for `seconds`."""
    return asyncio.run(_run(port, calls, clients, seconds))
