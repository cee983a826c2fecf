"""Every sentence of the source is in every catalogue, translated, with the same placeholders."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from opsconsole.base.text import LANGUAGES, LOCALE

TOP = Path(__file__).parents[2]
TRANSLATED = [language for language in LANGUAGES if language != "en"]
# The same word in both languages, or no word at all.
SAME = {"DIR", "OPD", "T", "URL", "menu", "tls", "total {took}"}
SAME |= {"{app} {state}", "{name}: {seen}", "DNS: {seen}", "TLS: {seen}", "JSON: {seen}"}
SAME |= {"Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Sep", "Nov"}
SAME |= {"CSV", "JSON", "Format", "HOSTING", "IIV", "PDP", "vital (IIV)", "ON", "RUNBOOK", "PROBE", "NO"}
SAME |= {"Invent", "Python", "SQLite", "SSH", "console.toml", "host", "keyring", "ping", "terminal", "url"}
SAME |= {"{folder}, {size:.1f} MiB", "{n} per host"}
SAME |= {"Bimtek", "data", "Audit: hash", "HASH", "ID", "MEDIAN", "admin", "operator"}
SAME |= {"{place} no. {line}", "MED", "WhatsApp", "domain", "BIMTEK", "no. {number}", "tier {tier} {valid}"}
SAME |= {
    f"Smart {what}" for what in ("Branding", "Economy", "Environment", "Government", "Living", "Society")
}
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[a-z]|%[sd]|`[^`]*`")


def in_source() -> set[str]:
    """Every message that is marked in the source; the singular of one with a plural."""
    found = set()
    for package in ("opsconsole", "probes"):
        extracted = extract_from_dir(TOP / package, keywords={**DEFAULT_KEYWORDS, "N_": None})
        for _file, _line, message, _comments, _context in extracted:
            found.add(message[0] if isinstance(message, tuple) else message)
    return found


def test_no_message_stands_inside_an_f_string():
    """There the extraction of Python 3.11 does not see it, and it would stay English."""
    inside = re.compile(r"""f"[^"]*\{[^}"]*\b(_|ngettext)\('""")
    for package in ("opsconsole", "probes"):
        for path in (TOP / package).rglob("*.py"):
            assert not inside.search(path.read_text()), path


def catalogue(language: str) -> Catalog:
    """The catalogue as it is written."""
    with (LOCALE / language / "LC_MESSAGES" / "opsconsole.po").open("rb") as file:
        return read_po(file)


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each English form beside its translation; a language may have fewer forms than English."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        for translated in message.string:
            yield message.id[-1], translated


@pytest.fixture(params=TRANSLATED)
def messages(request) -> list[Message]:
    return [message for message in catalogue(request.param) if message.id]


def test_every_sentence_of_the_source_is_in_the_catalogue(messages):
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in messages}
    assert sorted(in_source() - known) == []


def test_the_catalogue_holds_nothing_that_the_source_no_longer_says(messages):
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in messages}
    assert sorted(known - in_source()) == []


def test_nothing_is_untranslated_or_doubtful(messages):
    open_ones = [
        message.id for message in messages if message.fuzzy or not all(text for _, text in pairs(message))
    ]
    assert open_ones == []


def test_nothing_is_left_in_english(messages):
    same = [english for message in messages for english, text in pairs(message) if english == text]
    assert sorted(set(same) - SAME) == []


def test_placeholders_and_quoted_commands_are_the_same(messages):
    different = [
        (english, text)
        for message in messages
        for english, text in pairs(message)
        if set(_PLACEHOLDER.findall(english)) != set(_PLACEHOLDER.findall(text))
    ]
    assert different == []
