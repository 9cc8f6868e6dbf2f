"""What the database says counts, whatever an older request put back into the shared cache."""

import time

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import effects, last_look, reconcile, sweep
from tests.site import courier as couriers
from tests.site.factories import make_ticket
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
