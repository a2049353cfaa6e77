"""What devices send after having been without network: each thing on its own."""

import json
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

from flask import Response, jsonify, request
from flask_wtf.csrf import generate_csrf

from lms.core.db import AnySession
from lms.core.errors import Refusal
from lms.core.files import Upload, accept
from lms.core.labels import refusal_text
from lms.core.sending import files
from lms.fieldwork.entries.rules import Fault
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.routes.blueprint import bp, now
from lms.fieldwork.routes.offline import kept_pages
from lms.fieldwork.service import find_entry, find_observation
from lms.fieldwork.sync import service
from lms.fieldwork.sync.rules import Unreadable, id_of, is_same, is_sha256, read_batch, read_item
from lms.policy.actions import Action
from lms.policy.guard import current_actor, guard, writing

MAX_BODY = 2 * 1024 * 1024


@bp.get("/practice/sync")
@guard(Action.PRACTICE_SYNC)
def sync_start() -> Response:
    """A fresh token, the server's time, and who is signed in: asked before anything is sent."""
    moment = now()
    return jsonify(
        csrf=generate_csrf(),
        server_time=moment.isoformat(),
        person=str(current_actor().person_id),
        keep=kept_pages(),
    )


@bp.post("/practice/entries/sync")
@guard(Action.PRACTICE_SYNC)
def sync_entries() -> Any:
    """Take a batch in: in order, each item on its own, none stops the next."""
    body = read_json(request.get_data(cache=False)) if _is_small(request.content_length) else None
    batch = read_batch(body)
    if batch is None:
        return refused("sync_file")
    if not is_ours(body):
        return refused("sync_file_of_another", 409)
    return jsonify(results=receive_all(batch))


def _is_small(length: int | None) -> bool:
    return length is not None and length <= MAX_BODY


def read_json(data: bytes) -> Any:
    """What was sent, or None: hostile nesting and numbers too long to read are nothing."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None


def is_ours(body: Any) -> bool:
    """Whether whoever queued it is signed in now; a device that names nobody is believed."""
    return body.get("person") in {None, str(current_actor().person_id)}


def refused(code: str, status: int = 422) -> tuple[Response, int]:
    """Nothing was taken in, and why."""
    return jsonify(error=code, message=refusal_text(Refusal(code))), status


def receive_all(batch: Sequence[Any]) -> list[dict[str, Any]]:
    """What became of each item."""
    return [_receive(raw) for raw in batch]


def _receive(raw: Any) -> dict[str, Any]:
    try:
        item = read_item(raw)
        with writing() as session:
            done = service.receive(session, current_actor(), item, files(), now())
    except Unreadable as unreadable:
        return _answer(raw, service.REFUSED, errors=_words(unreadable.faults))
    except Refusal as refusal:
        found = [Fault("", refusal.code, refusal.params)]
        return _answer(raw, service.REFUSED, errors=_words(found))
    return _answer(raw, done.status, done.receipt)


def _answer(
    raw: Any, status: int, receipt: str = "", errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    return {"id": id_of(raw), "status": status, "receipt": receipt, "errors": errors or {}}


def _words(faults: Sequence[Fault]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fault in faults:
        found.setdefault(fault.field, []).append(refusal_text(Refusal(fault.code, **fault.params)))
    return found


@bp.post("/practice/entries/<uuid:entry_id>/photos")
@guard(Action.ENTRY_EDIT, view=Action.ENTRY_VIEW, entry=find_entry)
def sync_photo(entry: PracticumEntry) -> Any:
    """A photo that follows its entry; sent again, it is the same photo."""
    key, sha256 = entry.id, request.form.get("sha256", "")

    def keep(session: AnySession, upload: Upload) -> bool:
        found = session.get_one(PracticumEntry, key)
        actor = current_actor()
        return service.attach_photo(session, actor, found, sha256, upload, files(), now())

    return _take_photo(sha256, keep)


@bp.post("/practice/observations/<uuid:observation_id>/photos")
@guard(Action.OBSERVATION_EDIT, view=Action.OBSERVATION_VIEW, observation=find_observation)
def sync_observation_photo(observation: Observation) -> Any:
    """The photo of a visit, after its observation."""
    key = observation.id

    def keep(session: AnySession, upload: Upload) -> bool:
        found = session.get_one(Observation, key)
        actor = current_actor()
        return service.attach_to_observation(session, actor, found, upload, files(), now())

    return _take_photo(request.form.get("sha256", ""), keep)


def _take_photo(sha256: str, keep: Callable[[AnySession, Upload], bool]) -> Any:
    sent = request.files.get("photo")
    data = sent.read() if sent else b""
    if not is_sha256(sha256) or not is_same(sha256, data):
        return refused("sync_photo")
    try:
        upload = accept(BytesIO(data), "photo.jpg")
        with writing() as session:
            is_new = keep(session, upload)
    except Refusal as refusal:
        return jsonify(error=refusal.code, message=refusal_text(refusal)), 422
    return jsonify(status=service.CREATED if is_new else service.REPEATED, sha256=sha256)
