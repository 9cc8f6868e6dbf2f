"""The charts of a report as SVG text; the browser that shows them shapes their words, Arabic included."""

from __future__ import annotations

import io
import re
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter

from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.offline.figures import CLOSED_STEPS
from core_helpdesk.offline.report import BAD, GOOD, PLAIN, WARNING, tone_of

if TYPE_CHECKING:
	from collections.abc import Callable, Mapping
	from datetime import date

	from matplotlib.axes import Axes
	from matplotlib.axis import Axis

	from core_helpdesk.offline.figures import Line
	from core_helpdesk.offline.report import Reporter

INK, FAINT, RECEIVED, SOLVED = "#33415c", "#e6eaf2", "#4f7cac", "#2a9d8f"
TONES = {GOOD: SOLVED, WARNING: "#e9a23b", BAD: "#c8453b", PLAIN: FAINT}
LEVELS = ("#e9a23b", "#c8453b", "#7d2e68", "#3d2645")
LONGEST = 8
STYLE = {
	"svg.fonttype": "none",
	"font.size": 10,
	"text.color": INK,
	"axes.edgecolor": FAINT,
	"axes.labelcolor": INK,
	"axes.grid": True,
	"axes.axisbelow": True,
	"axes.spines.top": False,
	"axes.spines.left": False,
	"axes.spines.right": False,
	"grid.color": FAINT,
	"xtick.color": INK,
	"ytick.color": INK,
	"xtick.major.size": 0,
	"ytick.major.size": 0,
	"legend.frameon": False,
}


class Chart(NamedTuple):
	"""A drawn chart with its title; a wide one takes the whole width of a page."""

	title: str
	svg: str
	note: str = ""
	wide: bool = False


class Bar(NamedTuple):
	"""One line of a chart of horizontal bars: its name and a value for each series."""

	name: str
	values: tuple[float, ...]


def draw_charts(reporter: Reporter, days_off: frozenset[date]) -> list[Chart]:
	"""All charts of a report; none without tickets."""
	if not reporter.figures.tickets:
		return []
	say, figures = reporter.say, reporter.figures
	shaded = (
		say("Shaded: days off in {0}.", reporter.country(reporter.file.default.country)) if days_off else ""
	)
	by_department = partial(_level_bars, lines=figures.by(Dimension.DEPARTMENT), shown=reporter.department)
	by_category = partial(_level_bars, lines=figures.by(Dimension.TICKET_CATEGORY), shown=reporter.category)
	within = partial(_share_bars, lines=figures.by(Dimension.COUNTRY), shown=reporter.country)
	over_time = say("Tickets received and escalated over time")
	return [
		_drawn(over_time, partial(_over_time, days_off=days_off), reporter, wide=True, note=shaded),
		_drawn(say("Escalations by department"), by_department, reporter),
		_drawn(say("Within the standard by country"), within, reporter),
		_drawn(say("Escalations by ticket category"), by_category, reporter),
		_drawn(say("Time to solve"), _time_to_solve, reporter),
	]


def _drawn(
	title: str,
	paint: Callable[[Figure, Reporter], None],
	reporter: Reporter,
	*,
	wide: bool = False,
	note: str = "",
) -> Chart:
	# the title keeps what the drawing names by itself the same in every run, and apart from other drawings
	with matplotlib.rc_context({**STYLE, "svg.hashsalt": title}):
		figure = Figure(figsize=(10.4, 3.5) if wide else (5.1, 3.1), layout="constrained")
		paint(figure, reporter)
		text = io.StringIO()
		FigureCanvasSVG(figure).print_svg(text, metadata={"Date": None, "Creator": None})
	return Chart(title, _embedded(text.getvalue()), note, wide)


def _embedded(svg: str) -> str:
	"""The drawing for use inside a page: without prolog, fixed size, ids of no use and fonts of its own."""
	svg = svg[svg.index("<svg") :]
	svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.S)
	svg = re.sub(r' id="[a-zA-Z]+[a-z0-9]*_\d+"', "", svg)
	svg = re.sub(r"(<svg[^>]*?) width=\"[^\"]+\"", r"\1", svg, count=1)
	svg = re.sub(r"(<svg[^>]*?) height=\"[^\"]+\"", r"\1", svg, count=1)
	svg = re.sub(r"font-family: [^;\"]+;? ?", "", svg)
	return re.sub(r"font: (\d+(?:\.\d+)?)px [^;\"]+", r"font-size: \1px", svg)


def _over_time(figure: Figure, reporter: Reporter, days_off: frozenset[date]) -> None:
	bins = reporter.figures.bins()
	is_daily = len(bins) < 2 or (bins[1].first - bins[0].first).days == 1
	received, escalated = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
	places = range(len(bins))
	received.bar(places, [part.received for part in bins], color=RECEIVED, width=0.78)
	escalated.bar(places, [part.escalated for part in bins], color=LEVELS[0], width=0.78)
	for axes, title in ((received, reporter.say("Received")), (escalated, reporter.level_title(1))):
		_upright(axes, reporter)
		axes.set_title(title, loc="right" if reporter.say.direction == "rtl" else "left", fontsize=10)
		for place in places if is_daily else ():
			if bins[place].first in days_off:
				axes.axvspan(place - 0.5, place + 0.5, color=FAINT, lw=0, zorder=0)
	step = -(-len(bins) // 16)
	labels = [f"{part.first.day}/{part.first.month}" for part in bins]
	escalated.set_xticks(list(places)[::step], labels[::step])
	if reporter.say.direction == "rtl":
		escalated.invert_xaxis()


def _level_bars(
	figure: Figure, reporter: Reporter, lines: Mapping[str, Line], shown: Callable[[str], str]
) -> None:
	levels = range(1, reporter.file.depth + 1)
	bars = [Bar(shown(name), tuple(line.levels[level] for level in levels)) for name, line in lines.items()]
	bars = sorted(bars, key=lambda bar: bar.values, reverse=True)[:LONGEST]
	axes = _lying(figure, reporter, bars)
	height = 0.78 / len(levels)
	for n, level in enumerate(levels):
		places = [place - 0.39 + height * (n + 0.5) for place in range(len(bars))]
		widths = [bar.values[n] for bar in bars]
		drawn = axes.barh(
			places, widths, height * 0.92, color=LEVELS[n % len(LEVELS)], label=reporter.level_title(level)
		)
		axes.bar_label(drawn, [f"{width:,}" for width in widths], padding=3, fontsize=9)
	_whole_numbers(axes.xaxis)
	is_rtl = reporter.say.direction == "rtl"
	figure.legend(loc="outside lower center", ncols=2, fontsize=9, reverse=is_rtl, markerfirst=not is_rtl)


def _share_bars(
	figure: Figure, reporter: Reporter, lines: Mapping[str, Line], shown: Callable[[str], str]
) -> None:
	shares = {shown(name): line.cell.within_standard for name, line in lines.items()}
	bars = [Bar(name, (share,)) for name, share in shares.items() if share is not None]
	bars = sorted(bars, key=lambda bar: bar.values)[:LONGEST]
	axes = _lying(figure, reporter, bars)
	widths = [bar.values[0] for bar in bars]
	drawn = axes.barh(range(len(bars)), widths, 0.6, color=[TONES[tone_of(width)] for width in widths])
	axes.bar_label(drawn, [reporter.say.share(width) for width in widths], padding=3, fontsize=9)
	axes.set_xlim((1.0, 0) if reporter.say.direction == "rtl" else (0, 1.0))
	axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def _time_to_solve(figure: Figure, reporter: Reporter) -> None:
	say, counts = reporter.say, reporter.figures.closed_classes()
	names = [say("up to {0}", say.duration(hours * 3600)) for hours in CLOSED_STEPS]
	names.append(say("more than {0}", say.duration(CLOSED_STEPS[-1] * 3600)))
	axes = _lying(figure, reporter, [Bar(name, ()) for name in names])
	drawn = axes.barh(range(len(counts)), counts, 0.6, color=RECEIVED)
	axes.bar_label(drawn, [f"{count:,}" for count in counts], padding=3, fontsize=9)
	_whole_numbers(axes.xaxis)


def _lying(figure: Figure, reporter: Reporter, bars: list[Bar]) -> Axes:
	"""Axes for horizontal bars, the first on top; in Arabic they grow from the right."""
	axes = figure.subplots()
	axes.set_yticks(range(len(bars)), [_shortened(bar.name) for bar in bars])
	axes.set_ylim(max(len(bars), 1) - 0.4, -0.6)
	axes.grid(visible=False, axis="y")
	axes.margins(x=0.12)
	if reporter.say.direction == "rtl":
		axes.invert_xaxis()
		axes.yaxis.tick_right()
	return axes


def _upright(axes: Axes, reporter: Reporter) -> None:
	axes.grid(visible=False, axis="x")
	axes.margins(x=0.01)
	_whole_numbers(axes.yaxis)
	if reporter.say.direction == "rtl":
		axes.yaxis.tick_right()


def _whole_numbers(axis: Axis) -> None:
	axis.set_major_locator(MaxNLocator(4, integer=True))
	axis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))


def _shortened(name: str) -> str:
	return name if len(name) <= 28 else f"{name[:27]}…"
