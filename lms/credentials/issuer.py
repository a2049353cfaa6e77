"""Who issues here: names and addresses from the settings, keys from the data folder."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask

from lms.core.errors import Refusal
from lms.core.settings import Settings
from lms.credentials import did
from lms.credentials.facts import Issuer
from lms.credentials.keys import FileKeyStore, KeySigner
from lms.credentials.status_list import list_url

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True)
class IssuingBody:
    """The body that this installation issues for."""

    issuer: Issuer
    store: FileKeyStore
    demo: bool

    @property
    def did_document(self) -> dict[str, object]:
        """What stands at `/.well-known/did.json`."""
        url = list_url(self.issuer.url, "suspension")
        return did.did_document(self.issuer.did, self.store.published(), url)

    @property
    def public_keys(self) -> dict[str, bytes]:
        """Verification method → key, for all keys ever used."""
        keys = self.store.published()
        return {did.method_id(self.issuer.did, key.kid): key.public for key in keys}

    def signing_key(self, now: datetime) -> str:
        """Name of the key that signs at `now`; the first one is made when it is needed."""
        return self.store.ensure(now).kid

    def signer(self, kid: str) -> KeySigner:
        """The private key called `kid`."""
        return self.store.signer(kid)

    def require_public_address(self) -> None:
        """Refuse to issue what nobody could verify. Raises Refusal("loopback_address")."""
        if not self.demo and urlsplit(self.issuer.url).hostname in _LOOPBACK:
            raise Refusal("loopback_address")


def issuing_body(settings: Settings) -> IssuingBody:
    """The issuing body that the settings describe."""
    url = settings.issuer_url
    return IssuingBody(
        Issuer(settings.issuer_did or did.did_web(url), url, settings.issuer_name),
        FileKeyStore(settings.data_dir / "keys", settings.key_passphrase),
        settings.demo,
    )


def body_of(app: Flask) -> IssuingBody:
    """The application's issuing body, made once, so that keys stay in memory."""
    if "issuing_body" not in app.extensions:
        app.extensions["issuing_body"] = issuing_body(app.config["SETTINGS"])
    body: IssuingBody = app.extensions["issuing_body"]
    return body
