"""Foreign text made safe: the one sanitising function of the project.

Probes are the first to touch text from outside, so it lives here; `opsconsole.base.text` hands it on.
"""

import re

# C0 without newline and tab, DEL, C1, bidi controls, zero-width and line separators, tags, and
# variation selectors beyond the common ones: nothing of these may reach a terminal or a spreadsheet.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]+"
)
_BLANKS = re.compile(r"[\s]+")


def N_(message: str) -> str:  # noqa: N802 - the mark that message extraction looks for
    """Mark a template for the catalogues; it is translated where it is shown."""
    return message


def safe_text(text: str | bytes, limit: int = 300, *, lines: bool = False) -> str:
    """``text`` without anything a terminal would act on, at most ``limit`` characters.

    Unsafe characters become ``\\ufffd`` once for each run; bytes are read as UTF-8 with replacement.
    Without ``lines``, every run of white space (newlines included) becomes one blank.
    """
    if isinstance(text, bytes):
        text = text[: limit * 8].decode("utf-8", "replace")
    if len(text) <= limit and text.isascii() and text.isprintable() and "  " not in text:
        return text
    text = text[: limit * 8]
    text = text.replace("\r\n", "\n") if lines else _BLANKS.sub(" ", text)
    text = _UNSAFE.sub("\ufffd", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"
