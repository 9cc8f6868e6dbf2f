"""What TSM, heads and managers do with an escalation: who may, what is recorded, and what it does to the clock."""

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime

from core_helpdesk import config
from core_helpdesk.escalations import actions, rows, sweep
from tests.site import courier as couriers
from tests.site.factories import as_user

HOUR = 3600


def later(hours: float) -> int:
	return config.now_epoch() + int(hours * HOUR)


class Scene:
	"""An escalation at TSM, one hour after it came."""

	def __init__(self, **level_one: object) -> None:
		self.courier = couriers.open_courier()
		if level_one:
			couriers.make_policy(**level_one)
		self.ticket = couriers.escalated(self.courier)
		self.name = couriers.escalation_of(self.ticket).name
		self.tsm = self.courier.tsm[0]

	def act(self, user: str, action: str, *arguments: object, hours: float = 26, **named: object) -> None:
		with as_user(user):
			getattr(actions, action)(self.name, *arguments, now=later(hours), **named)

	@property
	def escalation(self) -> object:
		return frappe.get_doc("Ticket Escalation", self.name)

	@property
	def clock(self) -> object:
		return rows.read(str(self.ticket.name)).clock

	def log(self) -> list[tuple]:
		return [(row.kind, row.by) for row in self.escalation.follow_up if row.kind != "Owner"]

	def resolve(self) -> None:
		self.ticket.reload()
		self.ticket.status = "Resolved"
		self.ticket.save()


EVERY_ACTION = {
	"acknowledge": (),
	"contacted": ("Administrator", "Phone", "Called"),
	"solve": ("Redelivered",),
	"fail": ("No answer",),
	"hand_back": ("Not ours",),
	"take_over": (),
}


@pytest.mark.parametrize("action", EVERY_ACTION)
@pytest.mark.parametrize("who", ["head", "general_manager", "qa", "customer_service_manager"])
def test_only_tsm_works_an_escalation(action: str, who: str) -> None:
	scene = Scene()
	with pytest.raises(frappe.PermissionError, match="Only members of Ticketing System Management"):
		scene.act(getattr(scene.courier, who), action, *EVERY_ACTION[action])
	assert scene.escalation.status == "Received"


@pytest.mark.parametrize("action", [*EVERY_ACTION, "confirm_receipt"])
def test_an_agent_outside_may_do_nothing(action: str) -> None:
	scene = Scene()
	with pytest.raises(frappe.PermissionError, match="You are not named on this escalation"):
		scene.act(scene.courier.agent, action, *EVERY_ACTION.get(action, ()))


def test_acknowledging_is_recorded_once() -> None:
	scene = Scene()
	scene.act(scene.tsm, "acknowledge")
	scene.act(scene.courier.tsm[1], "acknowledge", hours=27)
	assert scene.escalation.acknowledged_by == scene.tsm
	assert scene.log() == [("Acknowledged", scene.tsm)]


def test_acknowledging_gives_the_next_level_its_full_time() -> None:
	scene = Scene(acknowledge_within_hours=2)
	hurried = scene.clock.due
	assert hurried == scene.escalation.escalated_epoch + 2 * HOUR
	scene.act(scene.tsm, "acknowledge")
	assert scene.clock.due == scene.escalation.escalated_epoch + 24 * HOUR


def test_a_contact_is_logged_with_person_channel_and_next_action() -> None:
	scene = Scene()
	next_action = str(add_to_date(now_datetime(), days=2, as_datetime=True).replace(microsecond=0))
	scene.act(
		scene.tsm,
		"contacted",
		scene.courier.head,
		"Phone",
		"Promised for tomorrow",
		next_action_at=next_action,
	)
	row = scene.escalation.follow_up[-1]
	assert (row.kind, row.by, row.person, row.channel, row.note) == (
		"Head Contacted",
		scene.tsm,
		scene.courier.head,
		"Phone",
		"Promised for tomorrow",
	)
	assert scene.escalation.status == "Head Contacted"
	assert str(scene.escalation.next_action_at) == next_action


@pytest.mark.parametrize(
	("arguments", "message"),
	[
		(("nobody@example.com", "Phone", "Called"), "There is no user"),
		(("Administrator", "Pigeon", "Called"), "not a channel"),
		(("Administrator", "Phone", "  "), "Please enter: What was said"),
	],
)
def test_a_contact_that_says_nothing_is_refused(arguments: tuple, message: str) -> None:
	scene = Scene()
	with pytest.raises(frappe.ValidationError, match=message):
		scene.act(scene.tsm, "contacted", *arguments)


def test_everybody_who_reads_it_may_add_a_note_but_only_tsm_says_what_is_next() -> None:
	scene = Scene()
	for user in (scene.courier.head, scene.courier.qa, scene.tsm):
		scene.act(user, "add_note", "Seen")
	assert [by for kind, by in scene.log() if kind == "Note"] == [
		scene.courier.head,
		scene.courier.qa,
		scene.tsm,
	]
	with pytest.raises(frappe.PermissionError):
		scene.act(scene.courier.head, "add_note", "Seen", next_action_at="2026-03-02 09:00:00")


def test_the_head_confirms_receipt_once() -> None:
	scene = Scene()
	scene.act(scene.courier.head, "confirm_receipt")
	first = frappe.db.get_value(
		"Escalation Recipient", {"parent": scene.name, "user": scene.courier.head}, "confirmed_on"
	)
	scene.act(scene.courier.head, "confirm_receipt", hours=30)
	(copy,) = (row for row in scene.escalation.recipients if row.user == scene.courier.head)
	assert copy.confirmed_on == first
	assert scene.log() == [("Receipt Confirmed", scene.courier.head)]


def test_who_got_no_copy_cannot_confirm_one() -> None:
	scene = Scene()
	with pytest.raises(frappe.PermissionError, match="Only a person to whom this escalation was copied"):
		scene.act(scene.courier.qa, "confirm_receipt")


def test_taking_over_changes_the_owner() -> None:
	scene = Scene()
	other = next(user for user in scene.courier.tsm if user != scene.escalation.tsm_owner)
	scene.act(other, "take_over")
	assert scene.escalation.tsm_owner == other


def test_solved_asks_that_the_ticket_is_resolved_first() -> None:
	scene = Scene()
	with pytest.raises(frappe.ValidationError, match="The ticket is still open"):
		scene.act(scene.tsm, "solve", "Redelivered")
	assert scene.escalation.status == "Received"


@pytest.mark.parametrize(("hours", "in_time"), [(48, "Yes"), (50, "No")])
def test_solved_says_whether_within_24_hours(hours: int, in_time: str) -> None:
	scene = Scene()
	frappe.db.set_value("HD Ticket", scene.ticket.name, {"status": "Resolved"})
	scene.act(scene.tsm, "solve", "Redelivered", hours=hours)
	found = scene.escalation
	assert (found.status, found.outcome_by, found.outcome_reason, found.solved_in_time) == (
		"Solved",
		scene.tsm,
		"Redelivered",
		in_time,
	)


def test_an_escalation_that_ended_with_its_ticket_can_still_be_recorded_as_solved() -> None:
	scene = Scene()
	scene.resolve()
	ended = scene.escalation.outcome_on
	assert scene.escalation.status == "Closed with Ticket"
	scene.act(scene.tsm, "solve", "Redelivered", hours=90)
	assert (scene.escalation.status, scene.escalation.outcome_on) == ("Solved", ended)
	assert scene.escalation.solved_in_time == "Yes"


def test_failing_needs_a_reason_and_leaves_the_general_manager_due() -> None:
	scene = Scene()
	due = scene.clock.due
	with pytest.raises(frappe.ValidationError, match="Please enter: Reason"):
		scene.act(scene.tsm, "fail", " ")
	scene.act(scene.tsm, "fail", "The parcel is gone")
	assert (scene.escalation.status, scene.escalation.solved_in_time) == ("Failed", "No")
	assert scene.clock.due == due
	sweep.run(later(50))
	assert couriers.escalation_of(scene.ticket, 2).target == "General Manager"
	assert len(couriers.mails(scene.courier.general_manager)) == 1


def test_handing_back_begins_a_new_cycle_with_the_group() -> None:
	scene = Scene()
	scene.act(scene.tsm, "hand_back", "The group has what it needs", hours=30)
	found, clock = scene.escalation, scene.clock
	assert (found.status, found.outcome_reason) == ("Handed Back", "The group has what it needs")
	assert (clock.cycle, clock.level, clock.group) == (2, 0, scene.courier.group)
	assert clock.due == later(54) or abs(clock.due - later(54)) <= 2
	sweep.run(later(56))
	again = couriers.escalation_of(scene.ticket)
	assert (again.cycle, again.level, again.status) == (2, 1, "Received")


def test_handing_back_ends_every_level_of_the_cycle() -> None:
	scene = Scene()
	sweep.run(later(50))
	scene.act(scene.tsm, "hand_back", "Misrouted", hours=51)
	states = frappe.get_all("Ticket Escalation", {"reference_name": str(scene.ticket.name)}, pluck="status")
	assert states == ["Handed Back", "Handed Back"]


def test_a_level_that_was_due_before_is_recorded_before_handing_back_and_mails_nobody() -> None:
	scene = Scene()
	scene.act(scene.tsm, "hand_back", "Misrouted", hours=52)
	assert couriers.escalation_of(scene.ticket, 2).status == "Handed Back"
	sweep.run(later(53))
	assert couriers.mails(scene.courier.general_manager) == []


def test_a_ticket_moved_into_tsm_goes_back_to_its_group() -> None:
	scene = Scene(move_ticket=1)
	assert scene.ticket.agent_group == scene.courier.tsm_team
	scene.act(scene.tsm, "hand_back", "Misrouted", hours=30)
	assert frappe.db.get_value("HD Ticket", scene.ticket.name, "agent_group") == scene.courier.group
	assert (scene.clock.cycle, scene.clock.group) == (2, scene.courier.group)


def test_what_has_ended_cannot_be_handed_back_or_worked() -> None:
	scene = Scene()
	scene.resolve()
	with pytest.raises(frappe.ValidationError, match="There is nothing to hand back"):
		scene.act(scene.tsm, "hand_back", "Misrouted")
	for action in ("acknowledge", "take_over"):
		with pytest.raises(
			frappe.ValidationError, match="This escalation has ended already: Closed with Ticket"
		):
			scene.act(scene.tsm, action)


def test_an_escalation_of_an_earlier_cycle_cannot_be_handed_back() -> None:
	scene = Scene()
	scene.act(scene.tsm, "hand_back", "Misrouted", hours=30)
	with pytest.raises(frappe.ValidationError, match="There is nothing to hand back"):
		scene.act(scene.tsm, "hand_back", "Again", hours=31)


def test_an_unknown_escalation_is_not_found() -> None:
	couriers.open_courier()
	with pytest.raises(frappe.DoesNotExistError):
		actions.acknowledge("nothing", config.now_epoch())


@pytest.mark.parametrize(
	("who", "offered"),
	[
		(
			"tsm",
			["acknowledge", "confirm_receipt", "take_over", "contacted", "add_note", "fail", "hand_back"],
		),
		("head", ["confirm_receipt", "add_note"]),
		("qa", ["add_note"]),
	],
)
def test_the_form_offers_what_the_user_may_do(who: str, offered: list[str]) -> None:
	scene = Scene()
	user = {"tsm": next(user for user in scene.courier.tsm if user != scene.escalation.tsm_owner)}.get(who)
	assert actions.available(scene.escalation, user or getattr(scene.courier, who)) == offered
