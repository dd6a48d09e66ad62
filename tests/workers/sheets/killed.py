"""An installation of its own whose worker is killed, as processes of their own: `prepare FILE ROWS`, then `go_on`."""

import sys

import django


def prepare(path, rows):
    """An office with a sheet of so many people, read and ready to be taken."""
    from bench import sheets

    sheets.prepare(path, int(rows))
    sheets.preview(path)


def go_on():
    """As a worker that starts: says how the sheet stands; takes it where that is open, and says when it is about to begin."""
    from django.core.management import call_command

    from officers import jobs
    from workers.models import Batch
    from workers.sheets import background, batches

    with jobs.only_worker():
        background.recover()
    batch = Batch.objects.get()
    print(batch.state, flush=True)
    if batch.state == "staged":
        batches.take(batch, by=batch.uploaded_by, all_or_nothing=False)
    if batch.state != "committed":
        print("begun", flush=True)
        call_command("work", batch=True)
        print("done", flush=True)


if __name__ == "__main__":
    django.setup()
    globals()[sys.argv[1]](*sys.argv[2:])
