"""Findings that are over because what they found was put right: asked when somebody mends it, and every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk import config
from core_helpdesk.escalations import findings, people
from core_helpdesk.escalations.sweep import HOST_CHANGED
from core_helpdesk.escalations.sync import GROUP_WITHOUT_DATA
from core_helpdesk.escalations.tracing_clock import NO_POLICY

if TYPE_CHECKING:
	from collections.abc import Callable

	import frappe


def close_mended(now: int) -> int:
	"""Closes the open findings whose cause is gone at `now`; returns how many.

	Policy: QA-01
	"""
	return _close(findings.open_of(all_conditions()), now)


def close_mended_of(team: str, now: int) -> int:
	"""The same of what was found about one group: it is saved often, and mends nothing of the others.

	Policy: QA-01
	"""
	return _close(findings.open_of(all_conditions(), reference_doctype="HD Team", reference_name=team), now)


def _close(open_findings: list[frappe._dict], now: int) -> int:
	conditions = all_conditions()
	over = [found for found in open_findings if conditions[found.kind](found, now)]
	for found in over:
		findings.close(found.kind, found.subject_key)
	return len(over)


def _has_head(found: frappe._dict, now: int) -> bool:
	"""The place of the finding is a department, or a group that had none; its key ends in the country."""
	department, country = found.reference_name, found.subject_key.rpartition(":")[2]
	if found.reference_doctype == "HD Team":
		group = config.group(found.reference_name)
		department, country = group.department, group.country
	return people.NO_HEAD not in people.head_of(department, country, config.from_epoch(now).date()).gaps


def _has_general_manager(found: frappe._dict, now: int) -> bool:
	return people.NO_GENERAL_MANAGER not in people.general_manager(config.from_epoch(now).date()).gaps


def _has_customer_service_manager(found: frappe._dict, now: int) -> bool:
	today = config.from_epoch(now).date()
	return people.NO_CUSTOMER_SERVICE_MANAGER not in people.customer_service_manager(today).gaps


def _has_tsm_member(found: frappe._dict, now: int) -> bool:
	return not people.tsm_members().gaps


def _has_policy(found: frappe._dict, now: int) -> bool:
	"""Also where the group's tickets do not count any more: then it needs none."""
	rules = config.site_rules()
	is_governed = rules.group(found.reference_name).is_governed(now)
	return not is_governed or rules.terms(found.reference_name, "", now) is not None


def _has_tracing_policy(found: frappe._dict, now: int) -> bool:
	return config.site_rules().tracing_terms(found.reference_name, "", now) is not None


def _is_confirmed(found: frappe._dict, now: int) -> bool:
	return config.settings().mode == config.mode()


IS_MENDED: dict[str, Callable[[frappe._dict, int], bool]] = {
	people.NO_HEAD: _has_head,
	people.NO_GENERAL_MANAGER: _has_general_manager,
	people.NO_CUSTOMER_SERVICE_MANAGER: _has_customer_service_manager,
	people.NO_TSM_MEMBER: _has_tsm_member,
	GROUP_WITHOUT_DATA: _has_policy,
	HOST_CHANGED: _is_confirmed,
	NO_POLICY: _has_tracing_policy,
}


def all_conditions() -> dict[str, Callable[[frappe._dict, int], bool]]:
	"""Those above and those of what is governed, whose modules report findings themselves."""
	from core_helpdesk.governance import mended_changes

	return IS_MENDED | mended_changes.IS_MENDED
