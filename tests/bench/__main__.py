"""`./run bench [--people N] [--seconds S] [--rows WORDS]`: a table, and bench-results/<date>.json.

Machines drift by a factor of two within minutes: only the ratio to the bare page, measured in turn
with each row in the same run, is worth keeping.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.bench.load import Call, load, repeat
from tests.bench.rows import Row, rows
from tests.bench.servers import BARE, Server, environment, free_port, lms, running, shown
from tests.databases import PostgresServer, postgres_bin

CLIENTS = (1, 8, 32)
BARE_PAGE = Row("bare page", [Call("/")])


@contextmanager
def databases(folder: Path) -> Iterator[list[tuple[str, Any]]]:
    """Makers of fresh database addresses, by name."""
    counter = iter(range(100))
    found = [("sqlite", lambda: f"sqlite:///{folder / f'bench{next(counter)}.sqlite3'}")]
    with ExitStack() as stack:
        if postgres_bin() is not None:
            server = stack.enter_context(PostgresServer())
            found.append(("postgresql", server.clone))
        yield found


def measure(server: Server, row: Row, clients: int, seconds: float) -> dict[str, Any]:
    """One load, with the CPU that the server used for it."""
    before = server.cpu_seconds()
    if row.walk is None:
        seen = load(server.port, row.calls, clients, seconds)
    else:
        seen = repeat(row.walk, seconds)
    cpu = server.cpu_seconds() - before
    wrong = {status: n for status, n in seen.statuses.items() if status >= 400}
    return {
        "per_second": round(seen.per_second, 1),
        "p95_ms": round(seen.p95_ms, 1),
        "cpu_ms": round(cpu * 1000 / max(1, seen.requests), 3),
        "bytes": seen.body_bytes,
        **({"wrong": wrong} if wrong else {}),
    }


def bench_row(product: Server, bare: Server, row: Row, seconds: float) -> dict[str, Any]:
    """Product and bare page in turn, at each number of clients."""
    result: dict[str, Any] = {"row": row.name}
    for clients in CLIENTS if not row.writes else CLIENTS[:1]:
        ours = measure(product, row, clients, seconds)
        limit = measure(bare, BARE_PAGE, clients, seconds)
        ratio = ours["cpu_ms"] / limit["cpu_ms"] if limit["cpu_ms"] else 0
        result[f"at_{clients}"] = {**ours, "bare": limit, "ratio": round(ratio, 2)}
    return result


def run(
    people: int, name: str, url: str, seconds: float, folder: Path, chosen: list[str]
) -> list[dict[str, Any]]:
    """All rows, or those whose names hold one of the words chosen, on one database at one size."""
    port, bare_port = free_port(), free_port()
    environ = environment(folder, url, port)
    lms(environ, "demo", "load", "--people", str(people))
    results = []
    with (
        running(environ, ["-m", "lms", "serve", "--port", str(port)], port) as product,
        running(
            environ,
            [*BARE, "--bind", f"127.0.0.1:{bare_port}", "tests.bench.bare:create()"],
            bare_port,
        ) as bare,
    ):
        for row in rows(shown(environ), port, environ):
            if chosen and not any(words in row.name for words in chosen):
                continue
            result = {"database": name, "people": people, **bench_row(product, bare, row, seconds)}
            results.append(result)
            _print(result)
    return results


def _print(result: dict[str, Any]) -> None:
    first = f"{result['database']:<11}{result['people']:>6}  {result['row']:<24}"
    cells = [_cell(n, found) for n in CLIENTS if (found := result.get(f"at_{n}"))]
    print(" | ".join([first, *cells]), flush=True)


def _cell(clients: int, found: dict[str, Any]) -> str:
    wrong = f" {found['wrong']}" if "wrong" in found else ""
    return (
        f"{clients:>2}: {found['cpu_ms']:7.2f} ms ×{found['ratio']:<5} "
        f"{found['per_second']:>6}/s p95 {found['p95_ms']:>6} {found['bytes']:>6} B{wrong}"
    )


def main() -> None:
    """Run, print, keep."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--people", type=int, action="append", help="sizes (100 and 10000)")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each load")
    parser.add_argument("--database", choices=["sqlite", "postgresql"])
    parser.add_argument("--rows", action="append", help="only rows whose names hold these words")
    options = parser.parse_args()
    results = []
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        with databases(root) as found:
            for name, make in found:
                for people in options.people or [100, 10_000]:
                    if options.database in {None, name}:
                        folder = root / f"{name}-{people}"
                        folder.mkdir()
                        chosen = options.rows or []
                        results += run(people, name, make(), options.seconds, folder, chosen)
    folder = Path("bench-results")
    folder.mkdir(exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M}.json"
    path.write_text(json.dumps(results, indent=1))
    print(f"kept in {path}")


main()
