"""Why something cannot be opened. The messages are plain sentences for the person who looks after the site."""


class KeyMissing(Exception):
    """A key that is needed is not there; the sentence says which one and what to do."""


class Altered(Exception):
    """What was sealed is not what came back: it was changed, or belongs to another purpose or practice."""


class CannotRotate(Exception):
    """The master keys cannot be changed from here; the sentence says what to do instead."""
