"""Every write to claims: building one at confirm, releasing it, and sending it in a file, once."""

from attest.claims.actions.building import build
from attest.claims.actions.exporting import CannotExport, Exported, LeftOut, WrittenFile, export
from attest.claims.actions.releasing import RELEASE, release_when_free, signature_given

__all__ = [
    "RELEASE",
    "CannotExport",
    "Exported",
    "LeftOut",
    "WrittenFile",
    "build",
    "export",
    "release_when_free",
    "signature_given",
]
