"""`attest claims` as a test runs it."""

import os
from pathlib import Path

from click.testing import CliRunner, Result

from attest.cli.claims import claims
from attest.core import clock
from tests.claims.making import AFTERWARDS


def attest_claims(*arguments: str | Path) -> Result:
    """Run the command; it sets its process up for the product, so the test run's own environment is put back."""
    before = dict(os.environ)
    try:
        with clock.at(AFTERWARDS):
            return CliRunner().invoke(claims, [str(argument) for argument in arguments])
    finally:
        os.environ.clear()
        os.environ.update(before)
