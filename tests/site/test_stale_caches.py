"""What the database says counts, whatever an older request put back into the shared cache."""

import time

import frappe
import pytest
from frappe.cache_manager import get_doctype_map

from core_helpdesk import config
from core_helpdesk.escalations import effects, last_look, reconcile, sweep
from core_helpdesk.hosts import hd_team
from tests.site import courier as couriers
from tests.site import process
from tests.site.factories import make_agent, make_team, make_ticket
from tests.site.test_effects import claimed, later


def write_past_the_cache(**values: str) -> None:
	"""As if a request that began earlier had put the old document back after the change."""
	singles = frappe.qb.DocType("Singles")
	for field, value in {**values, "modified": frappe.utils.now()}.items():
		ours = (singles.doctype == config.SETTINGS) & (singles.field == field)
		frappe.qb.update(singles).set(singles.value, value).where(ours).run()


def test_a_sweep_runs_though_the_cache_still_says_off() -> None:
	couriers.open_courier(mode="Off")
	assert config.mode() == "Off"
	write_past_the_cache(mode="Observe")
	assert config.mode() == "Off", "the cache is stale"
	assert sweep.run(later()) is not None
	assert config.mode() == "Observe"


def test_reconcile_runs_though_the_cache_still_says_off() -> None:
	couriers.open_courier(mode="Off")
	assert config.mode() == "Off"
	write_past_the_cache(mode="Live")
	assert reconcile.run_all(later()) is not None
	assert config.mode() == "Live"


def test_switching_off_stops_effects_that_are_under_way() -> None:
	courier = couriers.open_courier()
	(ticket,) = claimed(courier)
	assert last_look.mode_says_no() == ""
	write_past_the_cache(mode="Off")
	effects.run(later(), time.monotonic() + 60)
	assert couriers.mails(courier.head) == []
	states = {each.state for each in couriers.effects(couriers.escalation_of(ticket).name, "Copy Mail")}
	assert states == {"Skipped"}


def test_a_calendar_is_read_from_the_database_when_the_cache_is_older() -> None:
	courier = couriers.open_courier()
	rules = config.site_rules()
	calendar = rules.group(courier.group).calendar
	before = rules.timer(calendar)
	cached = frappe.get_cached_doc("Working Calendar", calendar)
	table = frappe.qb.DocType("Working Calendar")
	changed = frappe.utils.add_to_date(cached.modified, seconds=1)
	frappe.qb.update(table).set(table.modified, changed).where(table.name == calendar).run()
	exception = frappe.qb.DocType("Working Calendar Holiday")
	frappe.qb.from_(exception).delete().where(exception.parent == calendar).run()
	after = config.site_rules()
	assert after.calendar_changed(calendar) == str(changed)
	assert not after.timer(calendar).rules.holidays
	assert before.rules.holidays


def test_a_renamed_group_keeps_the_policy_that_is_for_it() -> None:
	courier = couriers.open_courier()
	policy = frappe.get_doc("Escalation Policy", courier.policy)
	policy.db_set({"team": courier.group, "is_default": 0})
	assert config.site_rules().terms(courier.group, "", later()).policy.name == policy.name
	# What the framework does to links when a group is renamed: their own moment of change stays.
	frappe.db.set_value("Escalation Policy", policy.name, "team", "Renamed Group", update_modified=False)
	terms = config.site_rules().terms("Renamed Group", "", later())
	assert terms is not None
	assert terms.policy.name == policy.name
	ticket = make_ticket(group=courier.group)
	assert not frappe.db.get_value("Ticket Clock", {"reference_name": ticket.name}, "policy")


def rules_in_use() -> list[str]:
	"""The assignment rules as the framework reads them for a ticket, and keeps them for all sessions."""
	wanted = {"document_type": "HD Ticket", "disabled": 0}
	return [rule.name for rule in get_doctype_map(hd_team.RULE, "HD Ticket", wanted, "priority desc")]


@pytest.mark.committed
def test_a_rule_at_rest_stays_so_though_another_session_read_it_before_the_commit(snapshot: object) -> None:
	team = make_team(agents=(make_agent(),))
	rule = frappe.db.get_value("HD Team", team, "assignment_rule")
	frappe.db.commit()
	hd_team.forget_rules()
	assert rule in rules_in_use()
	hd_team.rest_rule(rule)
	process.run("tests.site.test_stale_caches:rules_in_use")
	frappe.db.commit()
	assert rule not in rules_in_use()
