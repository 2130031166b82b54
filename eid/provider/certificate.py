"""Writes the certificates and revocation lists of the demo authorities (RFC 5280, ETSI EN 319 412)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from eid.provider.qualified import of_signature

COUNTRY = "XK"
# An arc that anyone may use without registration (ITU-T X.667): our own UUID under 2.25.
POLICY = x509.ObjectIdentifier("2.25.284450262478524386360539617526580107089.1")
TIMESTAMP_POLICY = x509.ObjectIdentifier("2.25.284450262478524386360539617526580107089.2")
CITIZEN_POLICY = x509.ObjectIdentifier("2.25.284450262478524386360539617526580107089.3")
HOLD = "certificate_hold"  # the one reason that can be taken back (RFC 5280, 5.3.1)
_SKEW = timedelta(minutes=5)  # how far the clock of a machine that verifies may be behind
_LIST_LIVES = timedelta(hours=1)

# qcStatements: of type electronic seal (ETSI EN 319 412-5, 4.2.3). It claims the type, never the qualification.
_QC_STATEMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3")
_ELECTRONIC_SEAL = bytes.fromhex("30153013060604008e46010630090607" + "04008e46010602")


@dataclass(frozen=True, slots=True)
class Holder:
    """A certificate and its private key (P-256)."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class Revocation:
    """A certificate taken back: its serial number, since when and why (`key_compromise`… of RFC 5280, 5.3.1)."""

    serial: int
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What a certificate is for: its subject, its extensions, and how long it lives."""

    subject: x509.Name
    lives: timedelta
    extensions: tuple[tuple[x509.ExtensionType, bool], ...]


def name(common: str, organisation: str = "Demo trust services", identifier: str | None = None) -> x509.Name:
    """Return a subject in Kosovo whose every name says DEMO."""
    parts = [(NameOID.COUNTRY_NAME, COUNTRY), (NameOID.ORGANIZATION_NAME, f"{organisation} DEMO")]
    if identifier:
        parts.append((NameOID.ORGANIZATION_IDENTIFIER, identifier))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in [*parts, (NameOID.COMMON_NAME, common)]])


def authority(common: str, lives: timedelta, below: int) -> Profile:
    """Return the profile of an authority that may have `below` levels of authorities under it."""
    extensions = (
        (x509.BasicConstraints(ca=True, path_length=below), True),
        (_usage("key_cert_sign", "crl_sign"), True),
    )
    return Profile(name(common), lives, extensions)


def responder(lives: timedelta) -> Profile:
    """Return the profile of a delegated OCSP responder, which itself needs no revocation check (RFC 6960, 4.2.2.2)."""
    extensions = (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage("digital_signature"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), False),
        (x509.OCSPNoCheck(), False),
    )
    return Profile(name("DEMO OCSP responder"), lives, extensions)


def timestamper(lives: timedelta) -> Profile:
    """Return the profile of a time-stamping unit: one critical purpose and no other (RFC 3161, 2.3)."""
    extensions = (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage("digital_signature"), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),
    )
    return Profile(name("DEMO time-stamping unit"), lives, extensions)


def seal(institution: str, title: str, lives: timedelta) -> Profile:
    """Return the profile of an institution's electronic seal (ETSI EN 319 412-3)."""
    extensions = (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage("content_commitment"), True),
        (x509.CertificatePolicies([x509.PolicyInformation(POLICY, None)]), False),
        (x509.UnrecognizedExtension(_QC_STATEMENTS, _ELECTRONIC_SEAL), False),
    )
    # "GO:" is a scheme of our own, as EN 319 412-1, 5.1.4 lets a country name one with two letters and a colon.
    return Profile(name(f"{title} DEMO", title, f"GO:{COUNTRY}-{institution.upper()}"), lives, extensions)


def citizen(given_name: str, family_name: str, personal_number: str, lives: timedelta, disclosure: str) -> Profile:
    """Return the profile of a citizen's signature (ETSI EN 319 412-2), as Kosovo's eID documents its certificates.

    `disclosure` is the address of the disclosure statement, which ends before the language.
    """
    # X.520 allows 64 characters; whoever has a longer name is known by its beginning, and by her number.
    common = f"{given_name} {family_name}".upper()[: 64 - len(" DEMO")]
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, COUNTRY),
            x509.NameAttribute(NameOID.SURNAME, family_name[:40]),
            x509.NameAttribute(NameOID.GIVEN_NAME, given_name[:40]),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, f"PNO{COUNTRY}-{personal_number}"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{common.strip()} DEMO"),
        ]
    )
    extensions = (
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage("content_commitment"), True),
        (x509.CertificatePolicies([x509.PolicyInformation(CITIZEN_POLICY, None)]), False),
        (x509.UnrecognizedExtension(_QC_STATEMENTS, of_signature(COUNTRY, disclosure)), False),
    )
    return Profile(subject, lives, extensions)


def self_signed(key: ec.EllipticCurvePrivateKey, profile: Profile, now: datetime) -> x509.Certificate:
    """Return the certificate of a root, signed by itself."""
    return _signed(_begun(key.public_key(), profile, profile.subject, now, now + profile.lives), profile, key)


def issue(
    issuer: Holder, key: ec.EllipticCurvePublicKey, profile: Profile, place: str, ocsp: str | None, *, now: datetime
) -> x509.Certificate:
    """Return a certificate by `issuer`; it never outlives its issuer.

    `place` is the URL of the issuer's certificate and list without `.crt` and `.crl`; `ocsp` that of its responder.
    """
    until = min(now + profile.lives, issuer.certificate.not_valid_after_utc)
    built = _begun(key, profile, issuer.certificate.subject, now, until)
    built = built.add_extension(_by(issuer), critical=False)
    built = built.add_extension(x509.AuthorityInformationAccess(_access(place, ocsp)), critical=False)
    points = [x509.DistributionPoint([x509.UniformResourceIdentifier(f"{place}.crl")], None, None, None)]
    return _signed(built.add_extension(x509.CRLDistributionPoints(points), critical=False), profile, issuer.key)


def revocation_list(issuer: Holder, revoked: Iterable[Revocation], now: datetime) -> bytes:
    """Return the issuer's list of revoked certificates as DER (RFC 5280, 5); good for an hour."""
    built = x509.CertificateRevocationListBuilder(issuer.certificate.subject, now, now + _LIST_LIVES)
    for revocation in revoked:
        entry = x509.RevokedCertificateBuilder(revocation.serial, revocation.at)
        if revocation.reason != "unspecified":  # which is said by silence (RFC 5280, 5.3.1)
            entry = entry.add_extension(x509.CRLReason(x509.ReasonFlags[revocation.reason]), critical=False)
        built = built.add_revoked_certificate(entry.build())
    built = built.add_extension(_by(issuer), critical=False)
    # Milliseconds since 1970 always grow, so the number needs no memory.
    built = built.add_extension(x509.CRLNumber(int(now.timestamp() * 1000)), critical=False)
    return built.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def _begun(
    key: ec.EllipticCurvePublicKey, profile: Profile, issuer: x509.Name, now: datetime, until: datetime
) -> x509.CertificateBuilder:
    begun = (
        x509.CertificateBuilder()
        .subject_name(profile.subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SKEW)
        .not_valid_after(until)
    )
    return begun.add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)


def _signed(built: x509.CertificateBuilder, profile: Profile, key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    for extension, critical in profile.extensions:
        built = built.add_extension(extension, critical=critical)
    return built.sign(key, hashes.SHA256())


def _by(issuer: Holder) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key())


def _access(place: str, ocsp: str | None) -> list[x509.AccessDescription]:
    found_at = [(AuthorityInformationAccessOID.CA_ISSUERS, f"{place}.crt")]
    if ocsp:
        found_at.append((AuthorityInformationAccessOID.OCSP, ocsp))
    return [x509.AccessDescription(method, x509.UniformResourceIdentifier(url)) for method, url in found_at]


def _usage(*allowed: str) -> x509.KeyUsage:
    every = (
        "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
        "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
    )  # fmt: skip
    return x509.KeyUsage(**{usage: usage in allowed for usage in every})
