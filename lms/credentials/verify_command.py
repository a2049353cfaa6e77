"""`lms certificates verify`: for the issuer, and for strangers without network."""

import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import ScriptInfo
from flask_babel import Babel, force_locale
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from lms.core import clock
from lms.core.db import db
from lms.credentials import did, service
from lms.credentials.facts import instant
from lms.credentials.issuer import body_of
from lms.credentials.labels import FINDINGS
from lms.credentials.models import Certificate
from lms.credentials.offline import ExitCode, Report, verify_file
from lms.credentials.reading import read
from lms.credentials.rules import Standing, standing


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--status-list",
    "status_lists",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Signed status list; may be given twice (revocation, suspension).",
)
@click.option(
    "--did",
    "did_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The issuer's did.json, where this is not the issuer's own installation.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def verify(
    files: tuple[Path, ...],
    status_lists: tuple[Path, ...],
    did_file: Path | None,
    as_json: bool,
) -> None:
    """Say whether certificates (PDF or JSON) are authentic and in force, without network.

    Ends with 0: authentic and in force · 1: not · 2: unreadable · 3: authentic, state not
    checked. With several files, the worst of them counts.

    Example: lms certificates verify certificate.pdf --status-list revocation.json
    """
    lists = [path.read_bytes() for path in status_lists]
    app = (
        _stranger()
        if did_file
        else click.get_current_context().ensure_object(ScriptInfo).load_app()
    )
    worst = ExitCode.IN_FORCE
    with app.app_context(), force_locale("en"):
        known = _keys(did_file)
        own = None if did_file or status_lists else _own_register()
        for path in files:
            report = _verify(path, known, lists, own)
            click.echo(_line(path, report) if as_json else _words(path, report))
            worst = max(worst, report.exit_code, key=_SEVERITY.index)
    sys.exit(worst)


_SEVERITY = [ExitCode.IN_FORCE, ExitCode.NOT_CHECKED, ExitCode.UNREADABLE, ExitCode.REFUSED]


def _stranger() -> Flask:
    """Enough of an application to speak: a stranger has neither settings nor a database."""
    app = Flask(__name__)
    Babel(app)
    return app


def _keys(did_file: Path | None) -> dict[str, bytes]:
    if did_file is None:
        return body_of(current_app).public_keys
    try:
        return did.assertion_keys(json.loads(did_file.read_bytes()))
    except ValueError as error:
        raise click.ClickException(f"{did_file}: {error}") from None


def _own_register() -> Callable[[str, bytes], Standing | None] | None:
    """Our register, where it holds anything; elsewhere the state stays open."""
    now = clock.now()
    try:
        if db.session.scalar(select(Certificate.id).limit(1)) is None:
            return None
    except SQLAlchemyError:
        return None

    def ask(credential_id: str, _data: bytes) -> Standing | None:
        token = credential_id.rpartition("/")[2].removesuffix(".json")
        found = service.find_by_token(db.session, token)
        return standing(found, now) if found is not None and found.is_prepared else None

    return ask


def _verify(path: Path, known: dict[str, bytes], lists: Iterable[bytes], own: Any) -> Report:
    try:
        data = path.read_bytes()
    except OSError as error:
        return Report(ExitCode.UNREADABLE, "not_json", where=error.strerror or "")
    return verify_file(data, known, now=clock.now(), status_lists=lists, register=own)


def _words(path: Path, report: Report) -> str:
    """A finding and what was signed, for a person."""
    mark = {ExitCode.IN_FORCE: "✓", ExitCode.NOT_CHECKED: "?"}.get(report.exit_code, "✗")
    lines = [f"{mark} {path}: {FINDINGS[report.reason]}"]
    if report.where and report.credential is None:
        lines.append(f"    ({report.where})")
    if report.standing and not report.standing.in_force:
        lines.append(f"    since {report.standing.since:%Y-%m-%d}")
    if report.known_at:
        lines.append(f"    state known as of {report.known_at:%Y-%m-%d %H:%M} UTC")
    if report.credential is not None:
        said = read(report.credential)
        until = f" to {said.last_day}" if said.last_day else ""
        specimen = "SPECIMEN, of no value" if said.specimen else ""
        body = "" if said.body == said.issuer else said.body
        rows = [
            ("", specimen),
            ("name", " · ".join(said.names)),
            ("title", said.title),
            ("number", said.register_number),
            ("awarded", f"{said.awarded_on}, {said.place or said.country_code}"),
            ("valid", f"from {said.valid_from:%Y-%m-%d}{until}"),
            ("issuer", f"{said.issuer} ({said.issuer_did})"),
            ("body", body),
            *(("basis", line) for line in said.basis.splitlines()),
            *(("states", line) for line in said.states.splitlines() if line),
        ]
        lines += [f"    {name:8} {value}" for name, value in rows if value]
        if path.suffix == ".pdf":
            lines.append("    Compare these lines with the page that you were shown.")
    return "\n".join(lines)


def _line(path: Path, report: Report) -> str:
    answer = {
        "file": str(path),
        "exit_code": int(report.exit_code),
        "reason": report.reason,
        "where": report.where,
        "authentic": report.credential is not None,
        "verdict": report.standing.verdict.value if report.standing else None,
        "since": instant(report.standing.since) if report.standing else None,
        "state_known_at": instant(report.known_at) if report.known_at else None,
        "credential": report.credential,
    }
    return json.dumps(answer, ensure_ascii=False)
