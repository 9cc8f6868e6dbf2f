"""The report as one HTML page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from core_helpdesk.offline.report import DURATION, SHARE, tone_of

if TYPE_CHECKING:
	from core_helpdesk.offline.charts import Chart
	from core_helpdesk.offline.report import Card, Column, Report, Table, Value
	from core_helpdesk.offline.words import Words

ROWS_SHOWN = 20


def html_page(report: Report, charts: list[Chart], say: Words) -> str:
	"""The whole page, right-to-left in Arabic."""
	template = files("core_helpdesk.offline").joinpath("page.html").read_text(encoding="utf-8")
	return Template(template).substitute(
		language=say.language,
		direction=say.direction,
		title=escape(report.title),
		period=escape(report.period),
		cards="\n".join(_card(card) for card in report.cards),
		findings=_section("findings", say("What stands out"), _list(report.findings)),
		charts="\n".join(_chart(chart) for chart in charts),
		tables="\n".join(_section("table", table.title, _table(table, say)) for table in report.tables),
		notes=_list(report.notes),
	)


def _section(kind: str, title: str, content: str) -> str:
	return f'<section class="{kind}"><h2>{escape(title)}</h2>{content}</section>'


def _card(card: Card) -> str:
	value, note = escape(card.value), escape(card.note)
	heading = escape(card.title)
	return (
		f'<div class="card {card.tone}"><h3>{heading}</h3><strong>{value}</strong><small>{note}</small></div>'
	)


def _list(lines: list[str]) -> str:
	return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _chart(chart: Chart) -> str:
	title = escape(chart.title)
	svg = chart.svg.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
	note = f"<p>{escape(chart.note)}</p>" if chart.note else ""
	return _section("chart wide" if chart.wide else "chart", chart.title, svg + note)


def _table(table: Table, say: Words) -> str:
	head = "".join(f"<th>{escape(column.title)}</th>" for column in table.columns)
	shown, rest = table.rows[:ROWS_SHOWN], table.rows[ROWS_SHOWN:]
	first = (
		f'<div class="scroll"><table><thead><tr>{head}</tr></thead>{_rows(table, shown, say)}</table></div>'
	)
	if not rest:
		return first
	more = escape(say("{0} more", len(rest)))
	return f"""{first}<details><summary>{more}</summary><div class="scroll"><table><thead><tr>{head}</tr></thead>
{_rows(table, rest, say)}</table></div></details>"""


def _rows(table: Table, rows: list[tuple[Value, ...]], say: Words) -> str:
	cells = (
		"".join(_cell(column, value, say) for column, value in zip(table.columns, row, strict=True))
		for row in rows
	)
	return f"<tbody>{''.join(f'<tr>{row}</tr>' for row in cells)}</tbody>"


def _cell(column: Column, value: Value, say: Words) -> str:
	if value is None:
		return "<td>–</td>"
	if isinstance(value, str):
		return f"<td><bdi>{escape(value)}</bdi></td>"
	if column.kind == SHARE:
		bar = f'<span class="bar {tone_of(value)}"><i style="width:{value * 100:.0f}%"></i></span>'
		return f'<td class="nowrap">{bar}{escape(say.share(value))}</td>'
	shown = say.duration(value) if column.kind == DURATION else f"{value:,}"
	return f"<td>{escape(shown)}</td>"
