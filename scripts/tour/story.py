"""Tell the demo's story around one moment, whatever day it is: `python -m scripts.tour.story MOMENT`.

The demo's own clock only moves forward. Here it is set as the practice is made up, so that nothing goes backward.
"""

import sys
from datetime import UTC, datetime

import click

from attest.cli.database import product


def tell(moment: datetime) -> None:
    """Make up the practice in `ATTEST_HOME` as it stands at `moment`, and let the demo's clock go on from there."""
    with product(owner=True, purpose="demo") as home:
        from django.db import connection

        from attest.cli.prepare import complete_mark, load_codes, migrate
        from attest.core import clock
        from attest.demo.seed import seed

        migrate()
        load_codes()
        with clock.at(moment):
            seed(say=click.echo)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO core_democlock (id, shift) VALUES (1, %s * interval '1 second')"
                " ON CONFLICT (id) DO UPDATE SET shift = excluded.shift",
                [(moment - datetime.now(UTC)).total_seconds()],
            )
        complete_mark(home).touch()


if __name__ == "__main__":
    tell(datetime.fromisoformat(sys.argv[1]))
