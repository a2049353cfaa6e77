"""The words of states, verdicts, categories, refusals and findings."""

from collections.abc import Mapping
from enum import Enum

from flask_babel import LazyString, lazy_gettext

from lms.core import labels
from lms.credentials.rules import (
    CertificateEvent,
    CertificateKind,
    CertificateState,
    RevocationCategory,
    Verdict,
)

CATEGORIES: Mapping[Enum, LazyString] = {
    RevocationCategory.ERROR: lazy_gettext("issued by mistake"),
    RevocationCategory.MISCONDUCT: lazy_gettext("misconduct"),
    RevocationCategory.REPLACED: lazy_gettext("replaced by another certificate"),
    RevocationCategory.WITHDRAWN_BY_HOLDER: lazy_gettext("withdrawn at the holder’s request"),
    RevocationCategory.OTHER: lazy_gettext("another reason"),
}

labels.register({**CATEGORIES})
labels.register(
    {
        CertificateState.RESERVED: lazy_gettext("number reserved"),
        CertificateState.STORED: lazy_gettext("ready to be signed"),
        CertificateState.SIGNED: lazy_gettext("signed"),
        CertificateState.ISSUED: lazy_gettext("issued"),
        CertificateState.SUSPENDED: lazy_gettext("suspended"),
        CertificateState.REVOKED: lazy_gettext("revoked"),
        CertificateState.SUPERSEDED: lazy_gettext("replaced"),
    }
)
labels.register(
    {
        CertificateEvent.STORE: lazy_gettext("written down"),
        CertificateEvent.SIGN: lazy_gettext("signed"),
        CertificateEvent.ISSUE: lazy_gettext("issued"),
        CertificateEvent.SUSPEND: lazy_gettext("suspended"),
        CertificateEvent.REINSTATE: lazy_gettext("reinstated"),
        CertificateEvent.REVOKE: lazy_gettext("revoked"),
        CertificateEvent.SUPERSEDE: lazy_gettext("replaced"),
    }
)
labels.register(
    {
        Verdict.PENDING: lazy_gettext("not valid yet"),
        Verdict.VALID: lazy_gettext("valid"),
        Verdict.SUSPENDED: lazy_gettext("suspended"),
        Verdict.REVOKED: lazy_gettext("revoked"),
        Verdict.EXPIRED: lazy_gettext("expired"),
        Verdict.SUPERSEDED: lazy_gettext("replaced"),
    },
    {
        Verdict.PENDING: "soft",
        Verdict.VALID: "ok",
        Verdict.SUSPENDED: "warn",
        Verdict.REVOKED: "bad",
        Verdict.EXPIRED: "warn",
        Verdict.SUPERSEDED: "soft",
    },
)
labels.register(
    {
        CertificateKind.ASSESSED: lazy_gettext("assessed by the issuer"),
        CertificateKind.LEGACY: lazy_gettext("awarded before the register: recorded, not assessed"),
    }
)

VERDICT_TITLES: Mapping[Verdict, LazyString] = {
    Verdict.PENDING: lazy_gettext("This certificate is not valid yet"),
    Verdict.VALID: lazy_gettext("This certificate is valid"),
    Verdict.SUSPENDED: lazy_gettext("This certificate is suspended"),
    Verdict.REVOKED: lazy_gettext("This certificate has been revoked"),
    Verdict.EXPIRED: lazy_gettext("This certificate has expired"),
    Verdict.SUPERSEDED: lazy_gettext("This certificate has been replaced"),
}
VERDICT_LEADS: Mapping[Verdict, LazyString] = {
    Verdict.PENDING: lazy_gettext("In preparation since %(date)s. Check again later."),
    Verdict.VALID: lazy_gettext("Authentic, and in force since %(date)s."),
    Verdict.SUSPENDED: lazy_gettext("Authentic, but suspended since %(date)s: do not rely on it."),
    Verdict.REVOKED: lazy_gettext("No longer valid since %(date)s."),
    Verdict.EXPIRED: lazy_gettext("Authentic, but no longer in force since %(date)s."),
    Verdict.SUPERSEDED: lazy_gettext("Replaced by another one since %(date)s."),
}

FINDINGS: Mapping[str, LazyString] = {
    "in_force": lazy_gettext("This file is authentic, and the certificate is valid"),
    "pending": lazy_gettext("This file is authentic, but the certificate is not valid yet"),
    "suspended": lazy_gettext("This file is authentic, but the certificate is suspended"),
    "revoked": lazy_gettext("This file is authentic, but the certificate has been revoked"),
    "expired": lazy_gettext("This file is authentic, but the certificate has expired"),
    "superseded": lazy_gettext("This file is authentic, but the certificate has been replaced"),
    "not_checked": lazy_gettext("This file is authentic; its present state was not checked"),
    "status_list_old": lazy_gettext("This file is authentic; its present state is not known"),
    "altered": lazy_gettext("This file was altered: do not accept it"),
    "not_sealed": lazy_gettext("This file was altered: do not accept it"),
    "not_our_profile": lazy_gettext("This is not one of our certificates, or it was altered"),
    "unknown_key": lazy_gettext("This file was signed by somebody we do not know"),
    "key_of_another": lazy_gettext("This file was signed by somebody we do not know"),
    "not_in_register": lazy_gettext("This certificate is not in our register: do not accept it"),
    "status_list_refused": lazy_gettext("The status list is not authentic"),
    "status_list_broken": lazy_gettext("The status list is not authentic"),
    "status_list_length": lazy_gettext("The status list is not authentic"),
    "not_json": lazy_gettext("This file cannot be read as a certificate"),
    "too_large": lazy_gettext("This file is too large to be a certificate"),
    "no_credential": lazy_gettext("This PDF holds no signed certificate"),
    "not_a_credential": lazy_gettext("This file is not a certificate"),
}

labels.register_refusals(
    {
        "code_length": lazy_gettext("The code has %(expected)s letters and digits: compare again."),
        "code_symbol": lazy_gettext("“%(symbol)s” does not occur in a code: compare again."),
        "code_check": lazy_gettext(
            "One letter or digit of this code is wrong, or two are exchanged: compare again."
        ),
        "code_unknown": lazy_gettext("No certificate carries this code."),
        "register_number": lazy_gettext("A register number looks like TC-2026-000123."),
        "number_is_no_code": lazy_gettext(
            "This is the register number, which proves nothing by itself. "
            "Type the code printed beside the QR code."
        ),
        "loopback_address": lazy_gettext(
            "Nobody could verify this certificate: first give the application a public address."
        ),
        "programme_unknown": lazy_gettext(
            "The programme “%(programme)s” does not stand in the release of this award."
        ),
        "name_missing": lazy_gettext("The holder’s name in Latin script is missing."),
        "nothing_to_replace": lazy_gettext("There is no certificate to be replaced."),
        "cannot_replace": lazy_gettext(
            "Only a certificate that is issued and not revoked can be replaced."
        ),
        "nothing_to_check": lazy_gettext("Choose a file, or paste the text of a credential."),
    }
)
