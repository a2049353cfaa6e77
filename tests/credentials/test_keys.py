"""Keys on disk, and what is published of them."""

import multiprocessing
from datetime import timedelta

import pytest

from lms.credentials import did, multibase
from lms.credentials.keys import FileKeyStore, SigningKeyError
from tests.credentials.sample import DID, NOW


@pytest.fixture
def store(tmp_path):
    return FileKeyStore(tmp_path / "keys")


def test_only_the_owner_reads_a_private_key(store):
    kid = store.ensure(NOW).kid
    assert kid == "key-2026-01"
    assert (store.folder / f"{kid}.pem").stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o077 == 0


def test_a_passphrase_locks_the_key(tmp_path):
    locked = FileKeyStore(tmp_path, "open sesame")
    kid = locked.ensure(NOW).kid
    assert b"ENCRYPTED" in (tmp_path / f"{kid}.pem").read_bytes()
    assert FileKeyStore(tmp_path, "open sesame").signer(kid).sign(b"x")
    for wrong in ("", "other"):
        with pytest.raises(SigningKeyError, match="LMS_KEY_PASSPHRASE"):
            FileKeyStore(tmp_path, wrong).signer(kid)
    assert FileKeyStore(tmp_path).published()[0].kid == kid  # whoever verifies needs no passphrase


def test_a_missing_key_says_what_to_do(store):
    store.ensure(NOW)
    (store.folder / "key-2026-01.pem").unlink()
    with pytest.raises(SigningKeyError, match="backup"):
        store.signer("key-2026-01")
    with pytest.raises(SigningKeyError, match="keys rotate"):
        FileKeyStore(store.folder / "nowhere").active(NOW)


def test_a_new_key_is_published_before_it_signs(store):
    store.ensure(NOW)
    later = store.rotate(NOW + timedelta(minutes=1))
    assert [key.kid for key in store.published()] == ["key-2026-01", "key-2026-02"]
    assert store.active(NOW + timedelta(minutes=2)).kid == "key-2026-01"
    assert store.active(later.signs_from).kid == "key-2026-02"


def test_a_retired_key_stays_published(store):
    first = store.ensure(NOW)
    signature = store.signer(first.kid).sign(b"x")
    store.rotate(NOW, timedelta(0))
    store.retire(first.kid, NOW)
    assert store.active(NOW).kid == "key-2026-02"
    keys = did.assertion_keys(did.did_document(DID, store.published()))
    assert list(keys) == [f"{DID}#key-2026-01", f"{DID}#key-2026-02"]
    assert store.published()[0].verify(signature, b"x")
    assert not store.published()[1].verify(signature, b"x")


def test_numbers_begin_anew_each_year(store):
    store.ensure(NOW)
    assert store.rotate(NOW + timedelta(days=60)).kid == "key-2027-01"


def _ensure(folder):
    return FileKeyStore(folder).ensure(NOW).kid


def test_processes_that_start_together_make_one_key(tmp_path):
    with multiprocessing.get_context("fork").Pool(6) as pool:
        kids = pool.map(_ensure, [tmp_path / "keys"] * 12)
    assert set(kids) == {"key-2026-01"}
    assert len(FileKeyStore(tmp_path / "keys").published()) == 1


def test_did_document(store):
    store.ensure(NOW)
    document = did.did_document(
        DID, store.published(), "https://verify.example/status/suspension/1.json"
    )
    assert document["@context"] == [
        "https://www.w3.org/ns/did/v1",
        "https://w3id.org/security/multikey/v1",
    ]
    method = document["verificationMethod"][0]
    assert document["assertionMethod"] == [method["id"]] == [f"{DID}#key-2026-01"]
    assert method["controller"] == DID
    assert multibase.from_multikey(method["publicKeyMultibase"]) == store.published()[0].public


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://verify.example", "did:web:verify.example"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://verify.example/a/b", "did:web:verify.example:a:b"),
    ],
)
def test_did_web(url, expected):
    assert did.did_web(url) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"assertionMethod": []},
        {"verificationMethod": []},
        {"id": "did:web:other.example"},
    ],
)
def test_keys_that_may_not_assert_are_left_out(store, change):
    store.ensure(NOW)
    assert did.assertion_keys({**did.did_document(DID, store.published()), **change}) == {}


def test_multibase_vectors():
    """W3C vc-di-eddsa, TestVectors/keyPair.json; draft-msporny-base58, section 5."""
    text = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    assert multibase.multikey(multibase.from_multikey(text)) == text
    assert multibase.base58btc(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    assert multibase.from_base58btc("z11233QC4") == bytes.fromhex("0000287fb4cd")
    for wrong in ("", "x", "z0", "zO", "z" + "1" * 999):
        with pytest.raises(ValueError, match=r"base58|base 58"):
            multibase.from_base58btc(wrong)
    for wrong in ("uA", "uAB=", "u+/", "AA"):
        with pytest.raises(ValueError, match="base64"):
            multibase.from_base64url(wrong)
