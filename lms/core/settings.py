"""Settings: environment variables `LMS_…`, each also as `LMS_…_FILE`, read once at start."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit


class SettingsError(Exception):
    """All faults of the environment at once, one line each, each with its remedy."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def _setting(default: str, help_text: str, read: Callable[[str], Any] = str) -> Any:
    return field(metadata={"default": default, "help": help_text, "read": read})


def _flag(text: str) -> bool:
    if text.lower() in {"", "0", "no", "false"}:
        return False
    if text.lower() in {"1", "yes", "true"}:
        return True
    raise ValueError("write 1 or 0")


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("write an address such as https://coaching.example.org")
    return text.rstrip("/")


def _languages(text: str) -> tuple[str, ...]:
    languages = tuple(part.strip() for part in text.split(",") if part.strip())
    if not languages or set(languages) - {"fr", "en", "ar"}:
        raise ValueError("choose among fr, en, ar, separated by commas")
    return languages


@dataclass(frozen=True)
class Settings:
    """What one installation is told from outside."""

    data_dir: Path = _setting("instance", "Folder of database, files and keys.", Path)
    database_url: str = _setting("", "SQLAlchemy address; empty: SQLite in the data folder.")
    redis_url: str = _setting("", "Redis for jobs at scale; empty: a file in the data folder.")
    files_url: str = _setting("", "`file:` or `s3:` address of the file store; empty: data folder.")
    base_url: str = _setting("http://localhost:8000", "Public address, no path.", _url)
    issuer_url: str = _setting("", "Address of the issuer's host; empty: the base address.")
    issuer_name: str = _setting("Organisme de démonstration", "Issuer's name, as printed.")
    issuer_did: str = _setting("", "Issuer's DID; empty: did:web of the issuer's host.")
    key_passphrase: str = _setting("", "Passphrase that encrypts signing keys on disk.")
    secret_key: str = _setting("", "Secret that signs cookies: 32 random characters or more.")
    mail_url: str = _setting("", "`smtp://user:password@host:587?tls=starttls`, or `outbox:`.")
    mail_from: str = _setting("no-reply@localhost", "Sender of all mail.")
    site_name: str = _setting("Coaching territorial", "Name in titles and mail.")
    help_email: str = _setting("", "Address shown to people who need help.")
    languages: tuple[str, ...] = _setting("fr,en,ar", "Languages, the default first.", _languages)
    trusted_proxies: int = _setting("0", "Number of proxies in front.", int)
    workers: int = _setting("2", "Web worker processes.", int)
    demo: bool = _setting("0", "1 only by `./run demo`.", _flag)
    demo_password: str = _setting("coaching-demo", "Password of every demo persona.")

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Settings":
        """Read and check everything. Raises SettingsError with all faults."""
        faults: list[str] = []
        values: dict[str, Any] = {}
        for item in fields(cls):
            name = f"LMS_{item.name.upper()}"
            try:
                text = _read(environ, name, item.metadata["default"])
                values[item.name] = item.metadata["read"](text)
            except (ValueError, OSError) as error:
                faults.append(f"{name}: {error}")
        if not faults:
            _complete(values, faults)
        if faults:
            raise SettingsError(faults)
        return cls(**values)

    @property
    def host(self) -> str:
        """Host name and port of the public address."""
        return urlsplit(self.base_url).netloc

    @property
    def is_loopback(self) -> bool:
        """Whether the public address reaches this machine only."""
        return urlsplit(self.base_url).hostname in {"localhost", "127.0.0.1", "::1"}


def _read(environ: Mapping[str, str], name: str, default: str) -> str:
    if path := environ.get(f"{name}_FILE"):
        return Path(path).read_text(encoding="utf-8").strip()
    return environ.get(name, default)


def _complete(values: dict[str, Any], faults: list[str]) -> None:
    data = values["data_dir"] = Path(values["data_dir"]).absolute()
    try:
        data.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        faults.append(f"LMS_DATA_DIR: cannot be made ({error.strerror}): choose another folder")
        return
    values["database_url"] = values["database_url"] or f"sqlite:///{data / 'lms.sqlite3'}"
    values["issuer_url"] = values["issuer_url"] or values["base_url"]
    if values["demo"]:
        values["secret_key"] = values["secret_key"] or _kept_secret(data / "secret-key")
        values["mail_url"] = values["mail_url"] or "outbox:"
    if len(values["secret_key"]) < 32:
        faults.append("LMS_SECRET_KEY: give 32 random characters or more, and keep them")
    if not values["mail_url"]:
        faults.append("LMS_MAIL_URL: give smtp://user:password@host:587?tls=starttls")


def _kept_secret(path: Path) -> str:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(token_urlsafe(32), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()
