"""What a figure of the tracing month counts, where its name alone does not say it.

Policy: TRC-18
"""

from __future__ import annotations

from frappe import _

from core_helpdesk.tracing import rules


def in_words() -> dict[str, str]:
	"""The definitions by the figures' names, in the present language."""
	regulator = rules.settings().regulator or _("Second clock")
	return {
		"closed": _("Cases that were closed in the month; those merged or deleted stand apart."),
		"within_share": _("Of the closed cases; those merged or deleted are not among them."),
		"first_level_share": _("Solved by the first group without being passed on, of the closed cases."),
		"satisfaction": _("Whose customer said a clear yes, of the closed cases; silence is no yes."),
		"outstanding": _("Opened and not closed when the month ended."),
		"late_for_regulator": _("Closed past the time of {0}; its days are those of headquarters.").format(
			regulator
		),
		"overdue_for_regulator": _("Outstanding at month end, and past the time of {0}.").format(regulator),
		"by_override": _("By a Support Supervisor, with a reason, though something stood in the way."),
		"unconfirmed": _("By the officer, after the customer stayed silent through all reminders."),
		"past_the_rules": _("By the host or past the app, though something stood in the way."),
		"merged_or_deleted": _(
			"Open when their ticket was merged or deleted: in no other figure of closed cases."
		),
		"claims_paid": _("By the day on which the payment was recorded."),
	}
