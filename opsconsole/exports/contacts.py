"""How people are reached stays out of what leaves the office: it is masked within texts."""

import re

MASK = "[…]"
_ADDRESS = r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})*"
# 0812-3456-7890, +62 812 3456 7890; of fixed lines the area and at least five digits on end.
_MOBILE = r"(?:\+?62|0)[\s.-]?8\d(?:[\s.-]?\d){6,11}"
_FIXED = r"(?:\+62[\s.-]?|\(?0)\d{2,3}\)?[\s.-]?\d{5,8}"
_CONTACT = re.compile(rf"(?<![\w/.-])(?:{_ADDRESS}|{_MOBILE}|{_FIXED})(?![\w/])")


def masked(text: str) -> str:
    """The text with telephone numbers and mail addresses taken out; the numbers of papers stay."""
    return _CONTACT.sub(MASK, text)
