"""What puts into words what goes out."""

from functools import partial

from feedproc.feeds.feed_type import FeedTypes
from feedproc.feeds.submission import FeedSubmission
from feedproc.services.send.send import Writers
from feedproc.services.send.targets import QueueWriters


def load_writers(feed_types: FeedTypes) -> Writers:
    """Return what writes e-mails to buyers, and notifications to sellers of all that programs may submit."""
    from feedproc.letters import write_letter  # noqa: PLC0415 - loads a template engine, and few commands write letters
    from feedproc.mws.notification import write_end  # noqa: PLC0415 - as above
    from feedproc.reporttypes.catalogue import load_report_types  # noqa: PLC0415 - as above
    from feedproc.spapi.notifications.messages import write_notice  # noqa: PLC0415 - as above

    def is_known(submission: FeedSubmission) -> bool:
        return submission.feed_type in feed_types.offered or submission.feed_type not in feed_types.names

    return Writers(write_letter, QueueWriters(write_end, partial(write_notice, load_report_types()), is_known))
