"""The product's worker, which also knows the scenarios' kind of work. Says `up` when it begins."""

import django

if __name__ == "__main__":
    django.setup()
    import faults.marking  # noqa: F401  (registers its handler)
    from attest.cli.worker import run_worker

    print("up", flush=True)
    run_worker()
