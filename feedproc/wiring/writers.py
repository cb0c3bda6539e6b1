"""What puts into words what goes out."""

from feedproc.services.send.send import Writers


def load_writers() -> Writers:
    """Return what writes e-mails to buyers and notifications to sellers."""
    from feedproc.letters import write_letter  # noqa: PLC0415 - loads a template engine, and few commands write letters
    from feedproc.mws.notification import write_feed_finished  # noqa: PLC0415 - as above

    return Writers(write_letter, write_feed_finished)
