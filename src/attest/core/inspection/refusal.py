"""Why a file is not taken."""


class Refused(ValueError):
    """The file may not be kept. The message is a sentence for the person who chose it."""


BROKEN = "This file is broken or not complete. Open it, save it anew, and choose it again."
