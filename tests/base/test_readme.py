"""What the README shows and says is so. UPDATE_SCREENS=1 takes its picture anew."""

import os
import re
from pathlib import Path

from opsconsole.base.paths import home_place, system_place, user_place

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text()
PICTURE = re.compile(r"(<!-- picture: (\S+) -->\n```text\n)(.*?)(```\n<!-- end of picture -->)", re.DOTALL)


def test_the_picture_is_a_screen_that_the_tests_hold():
    before, file, picture, after = PICTURE.search(README).groups()
    screen = (TOP / file).read_text()
    if os.environ.get("UPDATE_SCREENS") == "1":
        (TOP / "README.md").write_text(README.replace(before + picture + after, before + screen + after))
    else:
        assert picture == screen


def test_every_place_is_where_the_table_says():
    rows = re.findall(r"^\| [a-z' ]+ \| `(.+?)` \| `(.+?)` \| `(.+?)` \|$", README, re.MULTILINE)
    user, system, home = user_place({"HOME": "/~"}), system_place(), home_place(Path("/DIR"))
    for number, places in enumerate((user, system, home)):
        written = [row[number] for row in rows]
        assert written == [
            re.sub("^/(?=~|DIR)", "", str(folder))
            for folder in (places.config, places.store, places.run, places.log)
        ]


def test_every_file_that_the_documents_link_to_is_there():
    for document in (
        TOP / "README.md",
        TOP / "CONTRIBUTING.md",
        TOP / "CHANGELOG.md",
        *(TOP / "docs").glob("*.md"),
    ):
        for target in re.findall(r"\]\(([^):#]+)\)", document.read_text()):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"
