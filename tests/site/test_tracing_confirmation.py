"""The customer's link: it answers once, for one case, without a login; any other link is refused in one and the same way."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.tracing import attempts, confirmation, records, signed_link, work
from tests.site import process, website
from tests.site.factories import as_user, make_agent, make_user, switch_mode
from tests.site.moments import Moment, forget_time_zone
from tests.site.notice_desk import (
	CUSTOMER,
	SOLUTION,
	link_in,
	link_of,
	mails,
	make_notice_desk,
	part,
	solved_case,
)
from tests.site.tracing_desk import set_tracing

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from frappe.model.document import Document

MONDAY = "2026-03-02 09:00"
PAGE = confirmation.ROUTE
GUEST = "Guest"
NUMBER_ENDS = "5675"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


@pytest.fixture(autouse=True)
def own_address() -> Iterator[None]:
	"""Every test comes from a network of its own: what failed elsewhere is not held against it."""
	before = getattr(frappe.local, "request_ip", None)
	frappe.local.request_ip = new_address()
	yield
	frappe.local.request_ip = before


def new_address() -> str:
	return f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_notice_desk()


@pytest.fixture
def case(desk: frappe._dict) -> Document:
	return solved_case(desk)


def look(token: object, user: str = GUEST, **query: object) -> website.Seen:
	return website.visit(user, PAGE, token=token, **query)


def press(token: object, answer: str = "yes", user: str = GUEST, **form: object) -> website.Seen:
	return website.submit(user, PAGE, token=token, answer=answer, **form)


def stored(case: Document) -> dict:
	"""Everything that is kept of a case, its tables and its ticket included."""
	case = frappe.get_doc(records.DOCTYPE, case.name)
	ticket = frappe.db.get_value("HD Ticket", case.ticket, ["status", "modified", "agent_group"])
	counts = [frappe.db.count(doctype) for doctype in ("Communication", "Email Queue", "Version", "Comment")]
	return {**case.as_dict(), "of the ticket": ticket, "counts": counts}


def is_refused(seen: website.Seen) -> bool:
	return seen.status == 403 and "This link is not valid" in seen.text and not seen.page.select("form")


# What is asked.


def test_the_customer_is_asked_by_a_link_of_which_nothing_is_kept_but_a_digest(case: Document) -> None:
	token = link_of(case)["token"]
	key = token.partition(".")[0]
	assert len(key) == 32
	assert case.confirmation_key == signed_link.digest_of(key)
	assert (case.confirmation_asked_epoch, case.reminders_sent) == (config.now_epoch(), 0)
	assert key not in case.as_json()
	for doctype, column in (
		("Communication", "content"),
		("Communication", "text_content"),
		("Version", "data"),
	):
		assert not frappe.get_all(doctype, {column: ("like", f"%{key}%")})


def test_what_lies_on_the_case_says_what_was_asked_but_not_the_link(case: Document) -> None:
	about = {"reference_doctype": records.DOCTYPE, "reference_name": case.name}
	(filed,) = frappe.get_all("Communication", about, ["subject", "content", "recipients"])
	assert filed.recipients == CUSTOMER
	assert SOLUTION in filed.content
	assert "a link that only the customer has" in filed.content
	assert "token=" not in filed.content


def test_nobody_is_asked_unless_the_app_is_live(moment: Moment) -> None:
	case = solved_case(make_notice_desk("Observe"))
	assert (case.confirmation_key, case.confirmation_asked_epoch, mails(case)) == (None, 0, [])


def test_an_officer_asks_once_more_and_is_told_why_that_is_not_possible(
	desk: frappe._dict, case: Document
) -> None:
	first = link_of(case)["token"]
	confirmation.ask_for_confirmation(records.locked(case.name))
	second = link_of(case)["token"]
	assert first != second
	assert is_refused(look(first))
	assert look(second).status == 200
	frappe.db.set_value("HD Ticket", case.ticket, {"raised_by": "nobody", "contact": None})
	with pytest.raises(frappe.ValidationError, match="no e-mail address of a customer"):
		confirmation.ask_for_confirmation(records.locked(case.name))
	records.write(case.name, {"answer": "Satisfied"})
	with pytest.raises(frappe.ValidationError, match="has answered already"):
		confirmation.ask_for_confirmation(records.locked(case.name))
	records.write(case.name, {"answer": "", "status": "Open"})
	with pytest.raises(frappe.ValidationError, match="Mark the case as solved first"):
		confirmation.ask_for_confirmation(records.locked(case.name))


# What the page shows.


def test_the_page_shows_the_end_of_the_number_and_nothing_else_of_the_case(case: Document) -> None:
	seen = look(link_of(case)["token"])
	assert seen.status == 200
	assert "Is your request solved?" in seen.text
	assert seen.page.select_one(".shipment bdi").get_text() == NUMBER_ENDS
	page = str(seen.page)
	# A ticket's number may be a digit that any number holds.
	assert str(case.ticket) not in seen.page.get_text(" ").split()
	secret = (case.name, case.shipment_number, case.customer_email, case.shipper_name, case.team)
	secret += (case.consignee_name, SOLUTION, case.description, case.officer or case.solved_by, "Dubai")
	assert [word for word in secret if word and str(word) in page.replace(link_of(case)["token"], "")] == []


def test_the_page_speaks_the_customers_language(desk: frappe._dict) -> None:
	case = solved_case(desk, language="ar")
	asked = link_of(case)
	assert asked["_lang"] == "ar"
	# A request sets the language by what the link says; here by the user.
	seen = website.visit(make_customer("ar"), PAGE, **asked)
	assert (seen.page.html["dir"], seen.page.html["lang"]) == ("rtl", "ar")


def make_customer(language: str = "en", email: str = "") -> str:
	user = make_user(language=language, email=email)
	frappe.db.set_value("User", user, "user_type", "Website User")
	frappe.clear_document_cache("User", user)
	return user


def test_opening_the_page_changes_nothing_however_often(case: Document) -> None:
	token, before = link_of(case)["token"], stored(case)
	for _ in range(30):
		assert look(token).status == 200
		# A button that a scanner follows as if it were a link.
		assert look(token, answer="yes").status == 200
	assert stored(case) == before


def test_a_form_without_a_choice_asks_again(case: Document) -> None:
	token, before = link_of(case)["token"], stored(case)
	for answer in ("", "maybe", "YES"):
		seen = press(token, answer, comment="<b>Where</b> is it?")
		assert (seen.status, seen.page.textarea.get_text()) == (200, "<b>Where</b> is it?")
	assert stored(case) == before


# The answer.


def test_a_yes_confirms_and_the_page_after_it_may_be_loaded_again(case: Document) -> None:
	seen = press(link_of(case)["token"], "yes", comment=" Thank you! ")
	assert (seen.status, seen.location) == (303, f"{PAGE}?done=yes&_lang=en")
	case.reload()
	(row,) = case.answers
	assert (row.answer, row.source, row.comment, row.cycle) == ("Satisfied", "Link", "Thank you!", 1)
	assert (row.recorded_by, case.answer, case.status) == (None, "Satisfied", "Solved")
	assert case.confirmation_key is None
	before = stored(case)
	for _ in range(3):
		assert "We are glad that your request is solved" in website.visit(GUEST, PAGE, done="yes").text
	assert stored(case) == before


def test_a_no_opens_the_case_again_and_counts(case: Document) -> None:
	assert press(link_of(case)["token"], "no", comment="It never came.").location.startswith(
		f"{PAGE}?done=no"
	)
	case.reload()
	assert (case.status, case.answers[-1].answer, case.answers[-1].comment) == (
		"Open",
		"Not Satisfied",
		"It never came.",
	)
	assert "We will keep working on it" in website.visit(GUEST, PAGE, done="no").text


def test_a_yes_that_says_no_is_put_before_a_person(case: Document) -> None:
	press(link_of(case)["token"], "yes", comment="The parcel is still not delivered")
	assert case.reload().answer == "Doubtful"


def test_a_comment_is_text_and_no_longer_than_it_may_be(case: Document) -> None:
	press(link_of(case)["token"], "no", comment="<script>alert(1)</script>" + "x" * 9000)
	comment = case.reload().answers[-1].comment
	assert "<script" not in comment
	assert len(comment) < 2100


def test_who_is_signed_in_as_the_customer_answers_too(case: Document) -> None:
	user = make_customer(email=CUSTOMER)
	page = look(link_of(case)["token"], user).page
	assert page.select_one("input[name=csrf_token]")["value"]
	assert press(link_of(case)["token"], "yes", user).status == 303


def test_a_process_that_has_not_heard_of_the_sites_secret_yet_makes_no_other(
	case: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
	token, known = link_of(case)["token"], signed_link.secret()
	older = frappe._dict(frappe.local.conf)
	older.pop("encryption_key", None)
	monkeypatch.setattr(frappe.local, "conf", older)
	assert look(token).status == 200
	assert signed_link.secret() == known == frappe.get_site_config().encryption_key


# Links that do not hold.


def altered(token: str, place: int) -> str:
	letters = list(token)
	letters[place] = "A" if letters[place] != "A" else "B"
	return "".join(letters)


def with_expiry(token: str, seconds: int) -> str:
	key, expires, signature = token.split(".")
	return f"{key}.{int(expires) + seconds}.{signature}"


def forged(case: Document, token: str, /, **other: object) -> str:
	"""A link as somebody would make it who has the code and all that is kept, but not the site's secret."""
	link = signed_link.read(token)
	bound = signed_link.Bound(case.name, case.cycle, CUSTOMER)._replace(**other)
	said = "\n".join((signed_link.PURPOSE, link.key, str(link.expires), *map(str, bound)))
	made = hmac.new(b"another secret", said.encode(), hashlib.sha256).digest()
	return f"{link.key}.{link.expires}.{urlsafe_b64encode(made).rstrip(b'=').decode()}"


def rebound(case: Document, token: str, /, **other: object) -> str:
	"""A link with a true signature of this site, for something else."""
	link = signed_link.read(token)
	bound = signed_link.Bound(case.name, case.cycle, CUSTOMER)._replace(**other)
	return f"{link.key}.{link.expires}.{signed_link._signature(link.key, link.expires, bound)}"


WRONG: dict[str, Callable[[Document, str], object]] = {
	"nothing": lambda case, token: "",
	"a word": lambda case, token: "yes",
	"the case's name": lambda case, token: case.name,
	"what is kept": lambda case, token: case.confirmation_key,
	"the digest as a key": lambda case, token: f"{case.confirmation_key[:32]}.{token.split('.', 1)[1]}",
	"guessed": lambda case, token: f"{'A' * 32}.9999999999.{'A' * 43}",
	"another key": lambda case, token: altered(token, 3),
	"a longer end": lambda case, token: with_expiry(token, 86_400),
	"a shorter end": lambda case, token: with_expiry(token, -1),
	"another signature": lambda case, token: altered(token, -3),
	"no signature": lambda case, token: token.rpartition(".")[0] + ".",
	"signature of another secret": forged,
	"of another cycle": lambda case, token: rebound(case, token, cycle=2),
	"of another case": lambda case, token: rebound(case, token, case="TC-2026-99999"),
	"of another customer": lambda case, token: rebound(case, token, customer="other@example.com"),
	"with something behind": lambda case, token: token + "x",
	"with a line behind": lambda case, token: token + "\n",
	"in other digits": lambda case, token: token.replace(token.split(".")[1], "١٧٧٣٦٤٨٠٠٠"),
	"very long": lambda case, token: token * 500,
	"with a wildcard": lambda case, token: "%" * 32 + "." + token.split(".", 1)[1],
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_link_that_was_made_up_or_altered_is_refused(case: Document, kind: str) -> None:
	token, before = link_of(case)["token"], stored(case)
	wrong = WRONG[kind](case, token)
	assert wrong != token
	usual = str(look("x").page)
	for seen in (look(wrong), press(wrong), press(wrong, "no")):
		assert is_refused(seen)
		assert str(seen.page) == usual
	assert stored(case) == before
	assert look(token).status == 200


def used(case: Document) -> None:
	press(link_of(case)["token"], "yes")


def used_for_no(case: Document) -> None:
	press(link_of(case)["token"], "no")


def solved_again(case: Document) -> None:
	"""Taken back, and another solution about which nobody was asked."""
	work.unsolve(records.locked(case.name), "It was another parcel", config.now_epoch())
	switch_mode("Observe")
	work.mark_solved(records.locked(case.name), "The right one", config.now_epoch() + 60)


def merged(case: Document) -> None:
	frappe.db.set_value("HD Ticket", case.ticket, "is_merged", 1)


def cycled(case: Document) -> None:
	records.write(case.name, {"cycle": 2})


WORN_OUT: dict[str, Callable[[Document], object]] = {
	"used": used,
	"used for a no": used_for_no,
	"replaced": lambda case: confirmation.ask(records.locked(case.name)),
	"reminded of": lambda case: confirmation.remind(records.locked(case.name), config.now_epoch()),
	"withdrawn": lambda case: confirmation.withdraw(records.locked(case.name)),
	"answered by phone": lambda case: records.write(case.name, {"answer": "Satisfied"}),
	"closed": lambda case: records.write(case.name, {"status": "Closed", "open_ticket": None}),
	"taken back": lambda case: work.unsolve(records.locked(case.name), "Not so", config.now_epoch()),
	"solved again": solved_again,
	"in its next cycle": cycled,
	"its ticket merged": merged,
	"its ticket another customer's": lambda case: frappe.db.set_value(
		"HD Ticket", case.ticket, "raised_by", "other@example.com"
	),
	"tracing switched off": lambda case: switch_mode("Off"),
}


@pytest.mark.parametrize("kind", WORN_OUT)
def test_a_link_that_holds_no_more_is_refused_like_any_other(
	desk: frappe._dict, case: Document, kind: str
) -> None:
	token, usual = link_of(case)["token"], str(look("x").page)
	with as_user(desk.officer) if kind in ("taken back", "solved again") else as_user("Administrator"):
		WORN_OUT[kind](case)
	before = stored(case)
	for seen in (look(token), press(token), press(token, "no")):
		assert is_refused(seen)
		assert str(seen.page) == usual
	assert stored(case) == before


def test_a_link_holds_to_its_last_second_and_no_longer(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(link_days=3)
	token = link_of(solved_case(desk))["token"]
	moment.later(days=3, seconds=-1)
	assert look(token).status == 200
	moment.later(seconds=1)
	assert is_refused(look(token))
	assert is_refused(press(token))


def test_the_link_of_one_customer_never_answers_for_another(desk: frappe._dict) -> None:
	mine = solved_case(desk, customer="first@example.com")
	other = solved_case(desk, customer="second@example.com")
	key, expires, signature = link_of(mine)["token"].split(".")
	other_key, other_expires, other_signature = link_of(other)["token"].split(".")
	for token in (
		f"{key}.{expires}.{other_signature}",
		f"{other_key}.{expires}.{signature}",
		f"{other_key}.{other_expires}.{signature}",
	):
		assert is_refused(press(token))
	press(link_of(mine)["token"], "yes")
	assert (mine.reload().answer, other.reload().answer or "") == ("Satisfied", "")


def test_staff_do_not_answer_for_a_customer_but_for_themselves(desk: frappe._dict, case: Document) -> None:
	token = link_of(case)["token"]
	for user in (desk.officer, desk.supervisor, "Administrator"):
		assert is_refused(look(token, user))
		assert is_refused(press(token, "yes", user))
	assert not case.reload().answers
	asker = make_agent()
	own = solved_case(desk, customer=asker)
	assert press(link_of(own)["token"], "yes", asker).status == 303


def test_trying_is_stopped_after_a_while_from_one_place_only(case: Document) -> None:
	token = link_of(case)["token"]
	for number in range(attempts.LIMIT):
		assert is_refused(press("x") if number % 2 else look("x"))
	for seen in (look("x"), press("x"), look(token), press(token), look(altered(token, 5))):
		assert seen.status == 429
		assert "Please try again later" in seen.text
	assert not case.reload().answers
	# The whole of a line counts as one place, and nobody else's does.
	frappe.local.request_ip = frappe.local.request_ip.replace("::1", "::2:7")
	assert look(token).status == 429
	frappe.local.request_ip = new_address()
	assert look(token).status == 200


@pytest.mark.parametrize(
	("address", "place"),
	[
		("203.0.113.9", "203.0.113.9"),
		("::ffff:203.0.113.9", "203.0.113.9"),
		("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
		("", "unknown"),
		("<script>", "unknown"),
	],
)
def test_a_place_is_what_one_line_has(address: str, place: str) -> None:
	assert attempts.place(address) == place


def test_an_answer_that_cannot_be_kept_is_asked_for_again(
	case: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
	token = link_of(case)["token"]
	frappe.db.commit()
	before = stored(case)

	def fails(*_: object) -> None:
		raise ValueError("no room")

	with monkeypatch.context() as patched:
		patched.setattr(confirmation.answers, "from_customer", fails)
		seen = press(token, "yes", comment="Thank you")
	assert seen.status == 200
	assert "Your answer could not be saved" in seen.text
	assert seen.page.textarea.get_text() == "Thank you"
	assert stored(case) == before
	assert press(token, "yes").status == 303


def press_at_once(token: str, answer: str) -> None:
	frappe.set_user(GUEST)
	frappe.local.request_ip = new_address()
	print("taken" if confirmation.take(token, GUEST, answer == "yes", "", config.now_epoch()) else "refused")


@pytest.mark.committed
def test_of_many_answers_at_once_one_counts() -> None:
	case = solved_case(make_notice_desk())
	token = link_of(case)["token"]
	frappe.db.commit()
	started = [
		process.start(f"{__name__}:press_at_once", token, answer) for answer in ("yes", "no", "yes", "no")
	]
	said = [one.communicate(timeout=120)[0].split() for one in started]
	frappe.db.rollback()
	assert sorted(words[-1] for words in said) == ["refused", "refused", "refused", "taken"], said
	assert len(case.reload().answers) == 1


def test_the_mail_leads_to_the_page(case: Document) -> None:
	mail = mails(case)[-1]
	address = f"{frappe.utils.get_url()}{PAGE}?token="
	assert address in part(mail, "html").replace("&amp;", "&")
	assert address in part(mail, "plain")
	assert link_in(mail)["_lang"] == "en"
