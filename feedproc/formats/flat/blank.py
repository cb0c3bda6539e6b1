"""The empty file of a template, for people to fill in: one row of headings in English, up to three in Japanese."""

from feedproc.formats.flat.columns import Template

_KEEP = "This row for Amazon.com use only.  Do not modify or delete."
_KEEP_IN_JAPANESE = "この行はAmazonが使用しますので変更や削除しないでください。"


def write_blank(template: Template, is_japanese: bool) -> str:
    """Return the file's text, as Amazon lays it out: when it is Japanese, with the headings in both languages.

    A template without Japanese headings has the English ones alone.
    """
    offered = [column for column in template.columns if not column.is_older]
    translated = [column for column in offered if column.japanese] if is_japanese else []
    version = template.japanese_version if is_japanese else template.version
    keep = _KEEP_IN_JAPANESE if is_japanese else _KEEP
    rows = [
        *([(f"TemplateType={template.kind}", f"Version={version}", keep)] if version else []),
        *([[column.japanese for column in translated]] if translated else []),
        [column.name for column in translated or offered],
    ]
    return "".join("\t".join(row) + "\r\n" for row in rows)
