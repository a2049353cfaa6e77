"""A file that a device has saved, handed in by hand: entries first, then their photos."""

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from uuid import UUID

from lms.core.db import db
from lms.core.errors import Refusal
from lms.core.files import accept
from lms.core.labels import refusal_text
from lms.core.sending import files
from lms.fieldwork.models import Observation, PracticumEntry
from lms.fieldwork.routes.blueprint import now
from lms.fieldwork.routes.sync import receive_all
from lms.fieldwork.sync import service
from lms.fieldwork.sync.rules import MAX_PHOTOS
from lms.policy.actions import Action
from lms.policy.guard import can, current_actor, writing


def file_outbox(batch: Sequence[Any]) -> list[dict[str, Any]]:
    """What became of each item of the file; a photo that cannot be kept is said with its item."""
    results = receive_all([_without_photos(raw) for raw in batch])
    for raw, result in zip(batch, results, strict=True):
        if result["status"] in {service.CREATED, service.REPEATED}:
            for photo in _photos(raw):
                _attach(result, photo)
    return results


def _without_photos(raw: Any) -> Any:
    return {key: raw[key] for key in raw if key != "photos"} if isinstance(raw, dict) else raw


def _photos(raw: Mapping[str, Any]) -> list[Any]:
    found = raw.get("photos")
    return found[:MAX_PHOTOS] if isinstance(found, list) else []


def _attach(result: dict[str, Any], photo: Any) -> None:
    try:
        data = base64.b64decode(photo, validate=True)
    except (binascii.Error, ValueError, TypeError):
        result["errors"].setdefault("photos", []).append(refusal_text(Refusal("sync_photo")))
        return
    sha256 = hashlib.sha256(data).hexdigest()
    key = UUID(result["id"])
    try:
        upload = accept(BytesIO(data), "photo.jpg")
        with writing() as session:
            entry = session.get(PracticumEntry, key)
            seen = session.get(Observation, key)
            actor = current_actor()
            if entry is not None and can(Action.ENTRY_EDIT, entry):
                service.attach_photo(session, actor, entry, sha256, upload, files(), now())
            elif seen is not None and can(Action.OBSERVATION_EDIT, seen):
                service.attach_to_observation(session, actor, seen, upload, files(), now())
            else:
                raise Refusal("entry_of_another")
    except Refusal as refusal:
        result["errors"].setdefault("photos", []).append(refusal_text(refusal))
        db.session.rollback()
