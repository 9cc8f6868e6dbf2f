"""Workers that share the outbox, and workers that are killed, still reach everybody exactly once."""

import signal
import time
from collections import Counter

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import effects
from tests.site import courier as couriers
from tests.site import process
from tests.site.factories import make_ticket

HOUR = 3600
TICKETS = 24
pytestmark = pytest.mark.committed


def work(now: int) -> None:
	"""Runs in a process of its own."""
	effects.run(now, time.monotonic() + 120)


def storm(threshold: int) -> tuple[couriers.Courier, int]:
	"""Escalations of one sweep, claimed and committed, nothing carried out."""
	courier = couriers.open_courier()
	couriers.set_settings(storm_threshold=threshold)
	for number in range(TICKETS):
		make_ticket(group=courier.group, subject=f"Parcel {number} is lost")
	now = config.now_epoch() + 25 * HOUR
	couriers.claim(now)
	frappe.db.commit()
	return courier, now


def assert_everybody_was_reached_once(courier: couriers.Courier) -> None:
	frappe.db.rollback()
	ended = frappe.get_all("Escalation Effect", ["kind", "state", "result"])
	# A second worker may have opened a digest whose copies the first has sent meanwhile.
	emptied = {"kind": "Digest Mail", "state": "Skipped", "result": "Nothing Left"}
	undone = [effect for effect in ended if effect.state != "Done" and effect != emptied]
	assert ended and not undone, undone
	notices = Counter(
		frappe.get_all(
			"Notification Log",
			{"document_type": "Ticket Escalation"},
			["for_user", "document_name"],
			as_list=True,
		)
	)
	assert len(notices) == 3 * TICKETS and set(notices.values()) == {1}
	comments = Counter(frappe.get_all("HD Ticket Comment", pluck="reference_ticket"))
	assert len(comments) == TICKETS and set(comments.values()) == {1}
	owners = Counter(frappe.get_all("Escalation Follow Up", {"kind": "Owner"}, pluck="parent"))
	assert len(owners) == TICKETS and set(owners.values()) == {1}


def test_two_workers_send_each_mail_once() -> None:
	courier, now = storm(threshold=0)
	workers = [process.start(f"{__name__}:work", now) for _ in range(2)]
	for worker in workers:
		output, _ = worker.communicate(timeout=300)
		assert worker.returncode == 0, output
	assert_everybody_was_reached_once(courier)
	mails = Counter(mail.reference_name for mail in couriers.mails(courier.head))
	assert len(mails) == TICKETS and set(mails.values()) == {1}


def test_two_workers_send_each_escalation_of_a_storm_once() -> None:
	courier, now = storm(threshold=10)
	workers = [process.start(f"{__name__}:work", now) for _ in range(2)]
	for worker in workers:
		output, _ = worker.communicate(timeout=300)
		assert worker.returncode == 0, output
	assert_everybody_was_reached_once(courier)
	assert listed_once(courier)


def listed_once(courier: couriers.Courier) -> bool:
	"""Every copy points to a digest, and every digest is one mail."""
	copies = frappe.get_all("Escalation Effect", {"kind": "Copy Mail"}, pluck="result")
	digests = frappe.get_all("Escalation Effect", {"kind": "Digest Mail"}, ["name", "result"])
	assert len(copies) == TICKETS
	assert {copy for copy in copies} <= {f"Digest {digest.name}" for digest in digests}
	sent = [digest.result for digest in digests if digest.result != "Nothing Left"]
	assert sorted(sent) == sorted(mail.name for mail in couriers.mails(courier.head))
	return True


@pytest.mark.parametrize("threshold", [0, 10], ids=["one by one", "digest"])
def test_killed_workers_leave_nothing_undone_and_nothing_twice(threshold: int) -> None:
	courier, now = storm(threshold)
	for pause in (0.05, 0.3, 0.8):
		worker = process.start(f"{__name__}:announced_work", now)
		# Killed at different depths of its work, once it has begun.
		assert any(line.strip() == "working" for line in worker.stdout)
		time.sleep(pause)
		worker.send_signal(signal.SIGKILL)
		worker.wait()
	effects.run(now, time.monotonic() + 120)
	frappe.db.commit()
	assert_everybody_was_reached_once(courier)
	if threshold:
		assert listed_once(courier)
	else:
		assert len(couriers.mails(courier.head)) == TICKETS


def announced_work(now: int) -> None:
	print("working", flush=True)
	work(now)


def test_a_worker_that_waits_for_a_row_leaves_it_to_the_other() -> None:
	_courier, now = storm(threshold=0)
	(held, *_rest) = frappe.get_all("Escalation Effect", {"kind": "Notice"}, pluck="name")
	frappe.db.sql("select name from `tabEscalation Effect` where name = %s for update", held)
	process.run(f"{__name__}:work", now)
	assert effects.carry_out(held, now) == "Done"
	frappe.db.commit()
	assert set(frappe.get_all("Escalation Effect", pluck="state")) == {"Done"}
