"""The figures of a tracing month in words: what each is called, its unit, what is better, and its goal.

Policy: TRC-18, TRC-22
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk.domain.closing import Answer
from core_helpdesk.domain.tracing_figures import ClaimStep, Grouping
from core_helpdesk.domain.tracing_sums import Figure, together
from core_helpdesk.figure_words import Meaning, Unit, against, in_words
from core_helpdesk.tracing import rules

if TYPE_CHECKING:
	from core_helpdesk.domain.tracing_sums import Figures
	from core_helpdesk.figure_words import Number

ALL = "All"
GOALS = {"satisfaction": 1.0, "inbound_outstanding": 0.0, "within_share": 1.0}
"""What a month is measured against: every originator satisfied, nothing inbound left over, all closed in time."""

HEAD = (
	"opened",
	"closed",
	"within_share",
	"late",
	"late_median",
	"late_p90",
	"late_for_regulator",
	"late_for_regulator_median",
	"outstanding",
	"inbound_outstanding",
	"overdue",
	"overdue_for_regulator",
	"to_open_median",
	"to_open_p90",
	"first_level_share",
	"satisfaction",
	"answer_none",
	"by_override",
	"unconfirmed",
	"past_the_rules",
	"merged_or_deleted",
)
"""What stands in the letter and at the head of a frozen month, in this order."""

OF_CASES = (
	"opened",
	"closed",
	"within",
	"within_share",
	"late",
	"late_median",
	"late_p90",
	"late_for_regulator",
	"late_for_regulator_median",
	"late_for_regulator_p90",
	"outstanding",
	"inbound_outstanding",
	"overdue",
	"overdue_for_regulator",
	"to_open_median",
	"to_open_p90",
	"first_level_share",
	"answer_yes",
	"satisfaction",
	"answer_no",
	"answer_doubtful",
	"answer_none",
	"by_override",
	"unconfirmed",
	"past_the_rules",
	"merged_or_deleted",
)
OF_LEGS = (
	"leg_assigned",
	"leg_to_accept_median",
	"leg_to_accept_p90",
	"leg_held_median",
	"leg_held_p90",
	"leg_late",
	"leg_late_median",
	"leg_late_p90",
	"leg_overdue",
	"leg_unanswered",
)
STEPS = {f"claims_{step.name.lower()}": step for step in ClaimStep}
ANSWERS = {f"answer_{answer.name.lower()}": answer for answer in Answer}
OTHERS = {"within_share": "within", "first_level_share": "first_level"}


def shown(by: Grouping) -> tuple[str, ...]:
	"""The figures of a line, in their order; another owner's only where there is one."""
	if by is Grouping.LEG_TEAM:
		return OF_LEGS
	return told(OF_CASES, rules.terms().regulator_days)


def told(names: tuple[str, ...], regulator_days: int) -> tuple[str, ...]:
	"""These figures, without those of another owner where that gives no days."""
	return names if regulator_days else tuple(name for name in names if "for_regulator" not in name)


def meanings() -> dict[str, Meaning]:
	"""Every figure in the present language."""
	in_time = _("Closed Within {0} Working Days").format(rules.terms().working_days)
	regulator = rules.settings().regulator or _("Second clock")
	return {
		"opened": Meaning(_("Opened", context="Tracing Month")),
		"closed": Meaning(_("Closed", context="Tracing Month")),
		"within": Meaning(in_time, better=1),
		"within_share": Meaning(_("Closed in Time (%)"), Unit.SHARE, 1),
		"late": Meaning(_("Closed Late"), better=-1),
		"late_median": Meaning(_("Days Late (Median)"), Unit.DAYS, -1),
		"late_p90": Meaning(_("Days Late (90th Percentile)"), Unit.DAYS, -1),
		"late_for_regulator": Meaning(_("Late for {0}").format(regulator), better=-1),
		"late_for_regulator_median": Meaning(
			_("Days Late for {0} (Median)").format(regulator), Unit.DAYS, -1
		),
		"late_for_regulator_p90": Meaning(
			_("Days Late for {0} (90th Percentile)").format(regulator), Unit.DAYS, -1
		),
		"outstanding": Meaning(_("Outstanding at Month End"), better=-1),
		"inbound_outstanding": Meaning(_("Inbound Outstanding"), better=-1),
		"overdue": Meaning(_("Overdue at Month End"), better=-1),
		"overdue_for_regulator": Meaning(_("Overdue for {0} at Month End").format(regulator), better=-1),
		"to_open_median": Meaning(_("Hours to Open (Median)"), Unit.HOURS, -1),
		"to_open_p90": Meaning(_("Hours to Open (90th Percentile)"), Unit.HOURS, -1),
		"first_level_share": Meaning(_("Solved at First Level (%)"), Unit.SHARE, 1),
		"answer_yes": Meaning(_("Satisfied", context="Tracing Month"), better=1),
		"satisfaction": Meaning(_("Customers Satisfied (%)"), Unit.SHARE, 1),
		"answer_no": Meaning(_("Not Satisfied", context="Tracing Month"), better=-1),
		"answer_doubtful": Meaning(_("Answer in Doubt"), better=-1),
		"answer_none": Meaning(_("Closed Without an Answer"), better=-1),
		"by_override": Meaning(_("Closed by Override"), better=-1),
		"unconfirmed": Meaning(_("Closed Unconfirmed", context="Tracing Month"), better=-1),
		"past_the_rules": Meaning(_("Closed Past the Rules", context="Tracing Month"), better=-1),
		"merged_or_deleted": Meaning(_("Merged or Deleted"), better=-1),
		"leg_assigned": Meaning(_("Assigned", context="Tracing Month")),
		"leg_to_accept_median": Meaning(_("Hours to Accept (Median)"), Unit.HOURS, -1),
		"leg_to_accept_p90": Meaning(_("Hours to Accept (90th Percentile)"), Unit.HOURS, -1),
		"leg_held_median": Meaning(_("Hours Held (Median)"), Unit.HOURS, -1),
		"leg_held_p90": Meaning(_("Hours Held (90th Percentile)"), Unit.HOURS, -1),
		"leg_late": Meaning(_("Left Late"), better=-1),
		"leg_late_median": Meaning(_("Days Late (Median)"), Unit.DAYS, -1),
		"leg_late_p90": Meaning(_("Days Late (90th Percentile)"), Unit.DAYS, -1),
		"leg_overdue": Meaning(_("Overdue at Month End"), better=-1),
		"leg_unanswered": Meaning(_("Replies Outstanding"), better=-1),
		"claims_opened": Meaning(_("Claims Made")),
		"claims_approved": Meaning(_("Claims Approved")),
		"claims_paid": Meaning(_("Claims Paid")),
		"claims_refused": Meaning(_("Claims Refused")),
	}


def chart_labels() -> dict[str, str]:
	"""The figures of two months side by side, in words short enough to stand under a bar."""
	return {
		"opened": _("Opened", context="Tracing Month"),
		"closed": _("Closed", context="Tracing Month"),
		"within": _("In Time"),
		"late": _("Closed Late"),
		"outstanding": _("Outstanding", context="Tracing Month"),
		"inbound_outstanding": _("Inbound", context="Tracing Month"),
	}


def grouping_named(by: Grouping) -> str:
	return {
		Grouping.COUNTRY: _("Country"),
		Grouping.DIRECTION: _("Direction"),
		Grouping.NATURE: _("Nature"),
		Grouping.OFFICER: _("Officer"),
		Grouping.LEG_TEAM: _("Group", context="Core Helpdesk"),
	}[by]


def tone(name: str, meaning: Meaning, value: Number) -> str:
	"""Green where the goal is reached, red where it is missed; none without a goal or a value."""
	return against(GOALS.get(name), meaning, value)


def goal_in_words(name: str, meaning: Meaning) -> str:
	return in_words(meaning.unit, GOALS[name]) if name in GOALS else ""


def figure(figures: Figures, name: str) -> Figure | None:
	"""The cases that make a figure of a line; those on which a share or a percentile is counted. None for no figure."""
	name = OTHERS.get(name, name).removesuffix("_median").removesuffix("_p90")
	if name == "satisfaction":
		return figures.satisfied
	if name in ANSWERS:
		return figures.answers[ANSWERS[name]]
	if name in STEPS:
		return together(own for key, own in figures.claims.items() if key.step is STEPS[name])
	found = getattr(figures, name, None)
	return found if isinstance(found, Figure) else None


def nothing_known() -> dict[Grouping, str]:
	"""What stands for an empty name in each grouping."""
	unknown = _("Not Known", context="Tracing Month")
	return {
		**dict.fromkeys(Grouping, unknown),
		Grouping.OFFICER: _("Nobody Took It"),
		Grouping.LEG_TEAM: _("No Group"),
	}


def part_named(by: Grouping, name: str, names: Any) -> str:
	"""A line's name in the present language; `names` are those of countries and people."""
	if not name:
		return nothing_known()[by]
	if by is Grouping.COUNTRY:
		return names.country(name)
	if by is Grouping.OFFICER:
		return names.person(name)
	return name if by is Grouping.LEG_TEAM else _(name, context="Tracing Case")
