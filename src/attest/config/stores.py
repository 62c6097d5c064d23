"""Where files lie: a private folder of the data folder, or a bucket of an S3-compatible store."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


def file_store(address: str, home: Path) -> dict[str, Any]:
    """Django's storage entry. `address` is ATTEST_FILES: empty, or `s3://bucket?endpoint=https://…&region=…`.

    For a bucket, install django-storages[s3]; its credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
    Files are encrypted before they get there. Raises ValueError for an address of another kind.
    """
    if not address:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": home / "files",
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    parts = urlsplit(address)
    if parts.scheme != "s3" or not parts.netloc:
        raise ValueError("ATTEST_FILES is s3://bucket?endpoint=https://…&region=…, or not set.")
    given = parse_qs(parts.query)
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.netloc,
            "endpoint_url": given.get("endpoint", [None])[0],
            "region_name": given.get("region", [None])[0],
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
