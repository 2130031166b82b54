"""CMS values that are written as they stand.

asn1crypto takes a length that ends with the byte 0x80 for an indefinite one and then encodes everything below anew,
twice at each level: seconds for one signature in five. What is encoded already is therefore not encoded again.
"""

from __future__ import annotations

from typing import Any, cast

from asn1crypto import cms as _cms
from asn1crypto import core as _core
from pyhanko.sign import signers as _signers

core = cast("Any", _core)  # asn1crypto carries no types


class _Attributes(_cms.CMSAttributes):
    def dump(self, force: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - asn1crypto's signature
        return core.Asn1Value.dump(self)


class _Token(_cms.ContentInfo):
    def dump(self, force: bool = False) -> bytes:  # noqa: ARG002, FBT001, FBT002 - asn1crypto's signature
        return core.Asn1Value.dump(self)


def token_as_it_stands(encoded: bytes) -> Any:  # noqa: ANN401 - asn1crypto
    """Return a time-stamp token that is encoded already."""
    return cast("Any", _Token).load(encoded)


class Encoded(_signers.Signer):
    """A signer whose attributes, once encoded, are written as they stand."""

    async def signed_attrs(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        """Return what is signed beside the document's digest."""
        return cast("Any", _Attributes).load((await cast("Any", super()).signed_attrs(*args, **kwargs)).dump())

    async def unsigned_attrs(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - pyHanko's
        """Return what is added to a signature: its time stamp."""
        attributes = await cast("Any", super()).unsigned_attrs(*args, **kwargs)
        return cast("Any", _Attributes).load(attributes.dump()) if attributes else None
