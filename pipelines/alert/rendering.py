"""A sheet as text and as HTML."""

from __future__ import annotations

import textwrap
from functools import cache
from typing import Any

from pipelines.alert.sheet import Section, Sheet, Step
from pipelines.alert.words import phrase

#: Columns of the text part: what mail programs show without breaking it again.
WIDTH = 76
#: Between the details of a change.
DOT = " · "


def text_of(sheet: Sheet) -> str:
    """Plain text, subject first; every line is ours, so nothing in it can forge a header."""
    blocks = [_fill(sheet.subject)]
    blocks += ["\n".join(_section(section, sheet)) for section in sheet.sections]
    intro = [_fill(line) for line in sheet.intro if line]
    # a digest says first what is in it, an alert last where it comes from
    blocks.insert(1 if not sheet.link else len(blocks), "\n".join((*intro, sheet.link)).strip())
    blocks.append("\n".join(_fill(note) for note in sheet.notes))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _section(section: Section, sheet: Sheet) -> list[str]:
    lines = [_fill(f"{section.tag.upper()}  {section.heading}")]
    lines += [_fill(part, "  ") for part in (section.figure, DOT.join(section.detail)) if part]
    if section.quote:
        lines.append(_fill(phrase(sheet.language, "quote", section.quote), "  "))
    lines += [_step(step) for step in section.steps]
    # the article's own link stands once, below
    if section.link and not sheet.link:
        lines.append(f"  {section.link}")
    if section.reading:
        lines.append(f"  {phrase(sheet.language, 'room')} {section.reading}")
    return lines


def _step(step: Step) -> str:
    mark = "*" if step.fresh else "-"
    outlet = f" ({step.outlet})" if step.outlet else ""
    return _fill(f"{mark} {step.date}  {step.text}{outlet}", "  ", "      ")


def _fill(text: str, first: str = "", rest: str | None = None) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


@cache
def _template() -> Any:
    # 40 ms: only for those who send
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipelines.alert", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals["phrase"] = phrase
    return environment.get_template("message.html")


def html_of(sheet: Sheet) -> str:
    """One self-contained page, with its pictures in it."""
    return str(_template().render(sheet=sheet))
