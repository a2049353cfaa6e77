"""Proofs: known vectors, an independent implementation, and every byte that could be altered."""

import copy
import hashlib
import json

import pytest
import rfc8785
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from openbadgeslib.ob3 import OB3LdpVerifier, OB3VerificationError, verify_data_integrity_proof

from lms.credentials import compose, contexts, multibase, proof, rdfc
from lms.credentials.keys import KeySigner
from lms.credentials.offline import ExitCode, verify_file
from lms.credentials.schema import check_credential
from lms.credentials.strict_json import DocumentError, parse
from tests.credentials.sample import DID, FACTS, NOW, as_bytes

# W3C vc-di-eddsa, TestVectors/: key pair, unsigned document, proof values of both suites.
VECTOR_METHOD = (
    "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    "#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
)
VECTOR_PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
VECTOR = {
    "@context": [contexts.VC_V2, EXAMPLES],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
VECTOR_VALUES = {
    proof.JCS: "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eH"
    "XQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX",
    proof.RDFC: "z2YwC8z3ap7yx1nZYCg4L3j3ApHsF8kgPdSb5xoS1VR7"
    "vPG3F561B52hYnQF9iseabecm3ijx4K1FBTQsCZahKZme",
}


@pytest.fixture
def examples_context(monkeypatch):
    """The W3C's vectors name a third context; our loader knows two, so it is added for them."""
    known = contexts.load_context
    terms = {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}
    monkeypatch.setattr(
        contexts, "load_context", lambda url: terms if url == EXAMPLES else known(url)
    )


@pytest.mark.parametrize("suite", proof.SUITES)
def test_w3c_vectors(suite, examples_context):
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": "2023-02-24T23:36:38Z",
        "verificationMethod": VECTOR_METHOD,
        "proofPurpose": "assertionMethod",
    }
    if suite == proof.JCS:
        options["@context"] = VECTOR["@context"]
    seed = multibase.from_base58btc(VECTOR_PRIVATE)[2:]
    signer = KeySigner("vector", Ed25519PrivateKey.from_private_bytes(seed))
    signature = signer.sign(proof.hash_data(VECTOR, options))
    assert multibase.base58btc(signature) == VECTOR_VALUES[suite]


def test_jcs_vectors():
    """RFC 8785, section 3.2.3: members sorted by UTF-16 code units, shortest escapes."""
    document = {"\u20ac": 1, "\r": 2, "1": 3, "\u0080": 4, "\U0001f600": 5, "\ufb33": 6}
    expected = '{"\\r":2,"1":3,"\u0080":4,"\u20ac":1,"\U0001f600":5,"\ufb33":6}'
    assert rfc8785.dumps(document) == expected.encode()


def pem(office) -> bytes:
    return office.signer.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_sign_and_check(office, credential):
    document = parse(credential)
    check_credential(document)
    proof.check(document, office.keys)
    assert [p["cryptosuite"] for p in document["proof"]] == list(proof.SUITES)


def test_an_independent_implementation_accepts(office, credential):
    badge = OB3LdpVerifier(pem(office)).verify(credential)
    assert badge.achievement.name.startswith("Coach territoriale")
    assert [i.identity_hash for i in badge.identifiers] == [FACTS.latin_name, FACTS.arabic_name]
    verify_data_integrity_proof(json.loads(office.status(3)), pem(office))


def test_an_independent_implementation_refuses_one_letter(office, credential):
    forged = credential.replace(b"Bennani", b"Bennami")
    with pytest.raises(OB3VerificationError):
        OB3LdpVerifier(pem(office)).verify(forged)


def test_signing_again_gives_the_same_bytes(office, credential):
    assert as_bytes(office.credential()) == credential


def test_both_forms_of_status(office):
    strict, dual = office.credential(), office.credential(dual_status=True)
    assert isinstance(strict["credentialStatus"], dict)
    assert [entry["statusPurpose"] for entry in dual["credentialStatus"]] == [
        "revocation",
        "suspension",
    ]
    for document in (strict, dual):
        check_credential(document)
        proof.check(document, office.keys)
        assert OB3LdpVerifier(pem(office)).verify(as_bytes(document))


@settings(max_examples=300)
@given(data=st.data())
def test_any_other_byte_is_refused(office, credential, data):
    place = data.draw(st.integers(0, len(credential) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != credential[place]))
    forged = credential[:place] + bytes([byte]) + credential[place + 1 :]
    report = verify_file(forged, office.keys, now=NOW)
    assert report.exit_code in {ExitCode.REFUSED, ExitCode.UNREADABLE}
    assert report.credential is None


@pytest.mark.slow
def test_every_single_byte_counts(office, credential):
    for place in range(len(credential)):
        forged = bytearray(credential)
        forged[place] ^= 1
        report = verify_file(bytes(forged), office.keys, now=NOW)
        assert report.exit_code in {ExitCode.REFUSED, ExitCode.UNREADABLE}, place


@settings(max_examples=150)
@given(cut=st.integers(0, 3000), grown=st.binary(max_size=30))
def test_neither_shorter_nor_longer(office, credential, cut, grown):
    forged = credential[: cut % len(credential)] + grown
    if forged != credential:
        assert verify_file(forged, office.keys, now=NOW).credential is None


@pytest.mark.parametrize("suite", proof.SUITES)
def test_each_proof_counts(office, suite):
    """One good proof does not excuse a bad one."""
    document = office.credential()
    other = office.credential(latin_name="Somebody Else")
    place = proof.SUITES.index(suite)
    document["proof"][place] = other["proof"][place]
    with pytest.raises(proof.ProofError, match=f"altered {suite}"):
        proof.check(document, office.keys)


def edit(document, path, value):
    changed = copy.deepcopy(document)
    *parents, last = path
    place = changed
    for part in parents:
        place = place[part]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["honour"], "with distinction"),  # an undefined term: JSON-LD would drop it, unsigned
        (["credentialSubject", "honour"], "x"),
        (["credentialSubject", "id"], "a relative identifier"),
        (["@context"], [contexts.VC_V2]),
        (["@context"], [contexts.VC_V2, contexts.OPEN_BADGES, {"x": "https://evil.example/"}]),
        (["@context", 0], "https://www.w3.org/2018/credentials/v1"),
        (["type"], "OpenBadgeCredential"),
        (["name"], "bell \u0007"),
        (["name"], "line \u2028 override \u202e"),
        (["name"], "Coach\u007f"),
        (["name"], ""),
        (["name"], "x" * 601),
        (["name"], ["a", "b"]),
        (["name"], {"@value": "x"}),
        (["id"], "urn:x"),
        (["id"], "https://a.example/ b"),
        (["id"], "https://a.example/\n"),
        (["issuer", "id"], "did:web:a.example#x y"),
        (["validFrom"], "2026-11-21"),
        (["validFrom"], "٢٠٢٦-11-21T09:30:00Z"),
        (["validFrom"], None),
        (["credentialStatus"], None),
        (["credentialStatus", "statusListIndex"], 5),
        (["credentialStatus", "statusListIndex"], "05"),
        (["proof"], []),
        (["proof", 0], None),
        (["proof", 1, "domain"], "x"),
        (["proof", 0, "proofPurpose"], "authentication"),
        (["evidence", 0, "narrative"], 1.5),
    ],
    ids=str,
)
def test_the_schema_is_closed(office, path, value):
    changed = edit(office.credential(), path, value)
    with pytest.raises(DocumentError, match="not_our_profile"):
        check_credential(changed)


def test_what_the_schema_guards_against_is_real():
    """Without it, an undefined term would be in the document but not in what is signed."""
    document = compose.compose(FACTS)
    assert rdfc.canonical({**document, "honour": "x"}) == rdfc.canonical(document)
    with pytest.raises(rdfc.DroppedTermError, match="honour"):
        rdfc.canonical({**document, "honour": "x"}, strict=True)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b'"text"',
        b"{",
        b'{"a":1,"a":2}',
        b'{"a":NaN}',
        b'{"a":1.0}',
        b'{"a":"\xff"}',
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
    ids=lambda text: repr(text[:12]),
)
def test_strict_json(text):
    with pytest.raises(DocumentError, match="not_json"):
        parse(text)


def test_size_is_checked_before_anything_else():
    with pytest.raises(DocumentError, match="too_large"):
        parse(b" " * (64 * 1024 + 1))


def test_a_key_of_another_issuer(office):
    document = office.credential()
    for entry in document["proof"]:
        entry["verificationMethod"] = "did:web:other.example#key-2026-01"
    keys = {"did:web:other.example#key-2026-01": next(iter(office.keys.values()))}
    with pytest.raises(proof.ProofError, match="key_of_another"):
        proof.check(document, keys)


def test_an_unknown_key(office):
    with pytest.raises(proof.ProofError, match="unknown_key"):
        proof.check(office.credential(), {})


def test_somebody_elses_key_under_our_name(office):
    forger = KeySigner("key-2026-01", Ed25519PrivateKey.generate())
    forged = proof.sign(compose.compose(FACTS), DID, forger, NOW)
    with pytest.raises(proof.ProofError, match="altered"):
        proof.check(forged, office.keys)


def test_contexts_are_pinned_and_never_fetched(monkeypatch):
    contexts.check_contexts()
    with pytest.raises(contexts.UnknownContextError):
        contexts.document_loader("https://w3id.org/security/data-integrity/v2")
    assert set(contexts._PINNED) == set(contexts.CREDENTIAL_CONTEXT)
    contexts.load_context.cache_clear()
    monkeypatch.setattr(hashlib, "sha256", lambda _data: hashlib.sha1(b"", usedforsecurity=False))
    with pytest.raises(contexts.ContextHashError):
        contexts.load_context(contexts.VC_V2)
    contexts.load_context.cache_clear()


@pytest.mark.parametrize("kept", [[], [0], [1]])
def test_a_signature_that_is_missing_is_noticed(office, kept):
    signed = office.credential()
    signed["proof"] = [signed["proof"][index] for index in kept]
    with pytest.raises(proof.ProofError):
        proof.check(signed, office.keys)
