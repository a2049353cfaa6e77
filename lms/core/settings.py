"""Settings: environment variables `LMS_…`, each also as `LMS_…_FILE`, read once at start."""

import os
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from errno import EACCES
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit


class SettingsError(Exception):
    """All faults of the environment at once, one line each, each with its remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _setting(
    default: str, help_text: str, read: Callable[[str], Any] = str, *, secret: bool = False
) -> Any:
    metadata = {"default": default, "help": help_text, "read": read}
    return field(metadata=metadata, repr=not secret)


def _flag(text: str) -> bool:
    if text.lower() in {"0", "no", "false"}:
        return False
    if text.lower() in {"1", "yes", "true"}:
        return True
    raise ValueError("write 1 or 0")


def _at_least(lowest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit()) or not lowest <= int(text) <= 1000:
            raise ValueError(f"write a whole number, {lowest} or more")
        return int(text)

    return read


def _url(text: str) -> str:
    if not re.fullmatch(r"https?://[^/?#@\\\s]+/?", text, re.IGNORECASE) or not _has_host(text):
        raise ValueError("write an address such as https://coaching.example.org, without a path")
    return text.rstrip("/").lower()


def _has_host(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _url_or_empty(text: str) -> str:
    return _url(text) if text else ""


def _database(text: str) -> str:
    # what hosting services hand out names no driver
    text = re.sub(r"^postgres(?:ql)?://", "postgresql+psycopg://", text)
    if text and not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("write postgresql://user:password@host/name, or leave it out for SQLite")
    return text


def _mail(text: str) -> str:
    fine = text.startswith(("smtp://", "smtps://")) and _has_host(text)
    if text not in {"", "outbox:"} and not fine:
        raise ValueError("write smtp://user:password@host:587?tls=starttls or smtps://…")
    return text


def _address(text: str) -> str:
    name, _, domain = text.rpartition("@")
    if not name or not domain or not text.isascii() or re.search(r"[\s<>,;:\"@]", name + domain):
        raise ValueError("write one e-mail address, such as no-reply@coaching.example.org")
    return text


def _line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("write it on one line")
    return text


def _languages(text: str) -> tuple[str, ...]:
    languages = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not languages or set(languages) - {"fr", "en", "ar"}:
        raise ValueError("choose among fr, en, ar, separated by commas")
    return languages


@dataclass(frozen=True)
class Settings:
    """What one installation is told from outside."""

    data_dir: Path = _setting("instance", "Folder of database, files and keys.", Path)
    database_url: str = _setting(
        "",
        "`postgresql://user:password@host/name`; empty: SQLite in the data folder.",
        _database,
        secret=True,
    )
    redis_url: str = _setting(
        "", "Redis for jobs at scale; empty: a file in the data folder.", secret=True
    )
    files_url: str = _setting("", "`file:` or `s3:` address of the file store; empty: data folder.")
    base_url: str = _setting("http://localhost:8000", "Public address, no path.", _url)
    issuer_url: str = _setting(
        "", "Address of the issuer's host; empty: the base address.", _url_or_empty
    )
    issuer_name: str = _setting("Organisme de démonstration", "Issuer's name, as printed.", _line)
    issuer_did: str = _setting("", "Issuer's DID; empty: did:web of the issuer's host.")
    key_passphrase: str = _setting(
        "", "Passphrase that encrypts signing keys on disk.", secret=True
    )
    secret_key: str = _setting(
        "", "Secret that signs cookies: 32 random characters or more.", secret=True
    )
    mail_url: str = _setting(
        "", "`smtp://user:password@host:587?tls=starttls`, or `outbox:`.", _mail, secret=True
    )
    mail_from: str = _setting("no-reply@localhost", "Sender of all mail.", _address)
    site_name: str = _setting("Coaching territorial", "Name in titles and mail.", _line)
    help_email: str = _setting("", "Address shown to people who need help.")
    languages: tuple[str, ...] = _setting("fr,en,ar", "Languages, the default first.", _languages)
    trusted_proxies: int = _setting("0", "Number of proxies in front.", _at_least(0))
    workers: int = _setting("2", "Web worker processes.", _at_least(1))
    demo: bool = _setting("0", "1 only by `./run demo`.", _flag)
    demo_password: str = _setting("coaching-demo", "Password of every demo persona.", secret=True)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check everything. Raises SettingsError with all faults."""
        faults: list[str] = []
        values: dict[str, Any] = {}
        for item in fields(cls):
            name = f"LMS_{item.name.upper()}"
            try:
                values[item.name] = item.metadata["read"](
                    _read(environ, name, item.metadata["default"])
                )
            except ValueError as error:
                faults.append(f"{name}: {error}")
        _complete(values, faults)
        if faults:
            raise SettingsError(faults)
        return cls(**values)

    @property
    def host(self) -> str:
        """Host name and port of the public address."""
        return urlsplit(self.base_url).netloc

    @property
    def hostname(self) -> str:
        """Host name of the public address, without port."""
        return urlsplit(self.base_url).hostname or ""

    @property
    def is_loopback(self) -> bool:
        """Whether the public address reaches this machine only."""
        return self.hostname in {"localhost", "::1"} or self.hostname.startswith("127.")


def _read(environ: Mapping[str, str], name: str, default: str) -> str:
    path = environ.get(f"{name}_FILE")
    if not path:
        return environ.get(name) or default  # empty is what Compose makes of a variable not set
    try:
        return Path(path).read_text(encoding="utf-8").strip() or default
    except (OSError, ValueError):
        raise ValueError(f"{name}_FILE names {path}, which cannot be read") from None


def _complete(values: dict[str, Any], faults: list[str]) -> None:
    """Fill in what follows from the rest, and name what is missing."""
    data = values["data_dir"] = Path(values["data_dir"]).absolute()
    try:
        data.mkdir(parents=True, exist_ok=True)
        if not os.access(data, os.W_OK | os.X_OK):
            raise PermissionError(EACCES, "not writable")
        if values.get("demo"):
            values["secret_key"] = values.get("secret_key") or _kept_secret(data / "secret-key")
            values["mail_url"] = values.get("mail_url") or "outbox:"
    except OSError as error:
        faults.append(f"LMS_DATA_DIR: {data}: {error.strerror}; choose another folder")
    if not values.get("database_url", "-"):
        values["database_url"] = f"sqlite:///{data / 'lms.sqlite3'}"
    values["issuer_url"] = values.get("issuer_url") or values.get("base_url")
    if len(values.get("secret_key", "-" * 32)) < 32:
        faults.append("LMS_SECRET_KEY: give 32 random characters or more, and keep them")
    if not values.get("mail_url", "-"):
        faults.append("LMS_MAIL_URL: give smtp://user:password@host:587?tls=starttls")


def _kept_secret(path: Path) -> str:
    """The demonstration's own secret: made once, whole, even if two start together."""
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{token_urlsafe(4)}")
        fresh.touch(mode=0o600)
        fresh.write_text(token_urlsafe(32), encoding="utf-8")
        with suppress(OSError):  # there meanwhile, or a file system without links
            os.link(fresh, path)
        if not path.exists():
            fresh.replace(path)
        fresh.unlink(missing_ok=True)
    return path.read_text(encoding="utf-8").strip()
