"""Every story is told as an editor expects it; a failure prints both columns."""

from pathlib import Path

import pytest
from change_stories import STORIES, Story, stories, told

ALL = [(path, story) for path in sorted(STORIES.glob("*.txt")) for story in stories(path)]


@pytest.mark.parametrize(("path", "story"), ALL, ids=lambda x: getattr(x, "title", ""))
def test_a_story_is_told_as_an_editor_expects_it(path: Path, story: Story) -> None:
    rows = told(story)
    if any(expected != got for _, expected, got in rows):
        pytest.fail(f"{path.name}: {story.title}\n" + columns(rows), pytrace=False)


def columns(rows: list[tuple[str, str, str]]) -> str:
    widths = [max(len(row[n]) for row in rows) for n in range(2)]
    return "\n".join(
        f"{' ' if want == got else '*'} {text:<{widths[0]}} | {want:<{widths[1]}} | {got}"
        for text, want, got in rows
    )
