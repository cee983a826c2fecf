"""Words in the language in use."""

from opsconsole.base.text import LANGUAGES, _, choose_language, translate


def test_no_words_are_no_words_in_any_language():
    for language_code in LANGUAGES:
        choose_language(language_code)
        assert _("") == translate("") == ""
    choose_language("en")
