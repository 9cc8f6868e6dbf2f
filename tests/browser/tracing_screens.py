"""Officers at headquarters and abroad and a supervisor with cases in every state, as their screens show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.tracing import answers, records, work
from tests.browser.looking import MANY_USERS
from tests.site import courier
from tests.site.factories import as_user
from tests.site.tracing_desk import accept, make_bare_case, make_case, make_tracing_desk, pass_to

if TYPE_CHECKING:
	from frappe.model.document import Document

LONG = (
	"Parcel with a very long subject that nobody wanted to shorten, since every word of it matters to whoever reads it: "
	"الطرد الذي لم يصل إلى المستلم منذ أسبوعين رغم كل المتابعات"
)
GUIDELINES = "Names as on the air waybill.\nPhone numbers with the country's code."
GUIDELINES_AR = "الأسماء كما هي في بوليصة الشحن.\nأرقام الهاتف مع رمز الدولة."


class Cases(NamedTuple):
	"""Names of cases: without data, taken, passed abroad, urgent and late, solved and answered in doubt, long."""

	bare: str
	taken: str
	abroad: str
	late: str
	doubtful: str
	long: str


def open_desk() -> frappe._dict:
	"""A desk with cases, committed: every test of a run shares it."""
	settings = {
		"guidelines": GUIDELINES,
		"guidelines_ar": GUIDELINES_AR,
		"standards": [
			{
				"title": "Tracing Procedure",
				"title_ar": "إجراءات التعقب",
				"link": "https://example.com/tracing-procedure",
			}
		],
	}
	# Serving the site has given it an address, which the mode is confirmed for.
	frappe.local.conf = frappe._dict(frappe.get_site_config(), throttle_user_limit=MANY_USERS)
	desk = make_tracing_desk(policy=False, **settings)
	# Without an account that sends, the framework says so at each mail.
	courier.make_outgoing_account()
	desk.abroad = desk.officers["Egypt"]
	desk.cases = make_cases(desk)
	frappe.db.commit()
	return desk


def make_cases(desk: frappe._dict) -> Cases:
	now = config.now_epoch()
	bare = make_bare_case(desk)
	taken = accept(make_case(desk), desk.officer)
	egypt = {"destination_country": "Egypt", "consignee_phone": "+20223456789"}
	abroad = accept(
		pass_to(accept(make_case(desk, **egypt), desk.officer), desk.groups["Egypt"]), desk.abroad
	)
	late = make_case(desk, urgent=1)
	doubtful, long = accept(make_case(desk), desk.officer), make_bare_case(desk, subject=LONG[:140])
	old = {"due_epoch": now - 3 * 86_400, "due_on": config.from_epoch(now - 3 * 86_400)}
	records.write(late.name, {**old, **updated(now - 12 * 86_400)})
	records.write(abroad.name, updated(now - 9 * 86_400))
	answer_in_doubt(doubtful, desk.officer, now)
	return Cases(*(case.name for case in (bare, taken, abroad, late, doubtful, long)))


def answer_in_doubt(case: Document, officer: str, now: int) -> None:
	"""A solution, to which the customer has said yes with words that say no."""
	with as_user(officer):
		work.mark_solved(records.locked(case.name), "Delivered to the neighbour.", now)
	case = records.locked(case.name)
	answers.take(case, True, "Link", "Yes, thank you. But it has still not arrived.", now)


def updated(epoch: int) -> dict[str, object]:
	"""Nothing has been done about it since, nor has it gone from group to group."""
	return {"last_update_epoch": epoch, "last_update_on": config.from_epoch(epoch), "came_epoch": epoch}


def fresh_case(desk: frappe._dict, **data: object) -> str:
	"""One case more, taken by headquarters, with all its papers."""
	case = accept(make_case(desk, **data), desk.officer)
	for row in case.documents:
		row.is_received = 1
	case.save()
	frappe.db.commit()
	return case.name


def many(desk: frappe._dict, wanted: int) -> None:
	"""Copies of a case, as rows: the list has more than it shows."""
	name = desk.cases.taken
	columns = frappe.db.get_table_columns("Tracing Case")
	listed = ", ".join(f"`{column}`" for column in columns)
	for number in range(wanted):
		values = ", ".join(
			f"concat(`{column}`, '-{number}')" if column in ("name", "open_ticket") else f"`{column}`"
			for column in columns
		)
		frappe.db.sql(
			f"insert into `tabTracing Case` ({listed}) select {values} from `tabTracing Case` where name = %s",
			(name,),
		)
	frappe.db.commit()


def forget_many() -> None:
	frappe.db.sql("delete from `tabTracing Case` where name like 'TC-%-%-%'")
	frappe.db.commit()
