"""E-mails to buyers: one template a kind of notice and language, under `templates/`.

The first line of a template is the subject. What comes from an order is printed as one line without control
characters, so that no name can begin a header, a second line or a change of reading direction.
"""

from feedproc.letters.letter import LANGUAGES, Letter, write_letter

__all__ = ["LANGUAGES", "Letter", "write_letter"]
