"""The notices that customers get until somebody words them better: one for each event, in English and Arabic.

Each is written once; what is changed or deleted later stays so.
"""

import frappe

from core_helpdesk.setup import ledger
from core_helpdesk.tracing.notices import (
	CLOSED,
	DATA_NEEDED,
	DOCTYPE,
	HANDED_OVER,
	OPENED,
	PROGRESS,
	REMINDER,
	REOPENED,
	SOLVED,
)

GREETING = {"en": "Hello {customer},", "ar": "تحية طيبة {customer}،"}
# Subject, message without the greeting, SMS.
TEXTS = {
	"en": {
		OPENED: (
			"We are tracing your shipment {number}",
			"We have opened a case to trace your shipment {number}. Our team is working on it and aims to have a "
			"result for you by {due}.\n\nWe will let you know as soon as there is news.",
			"We are tracing your shipment {number} and will let you know as soon as there is news.",
		),
		DATA_NEEDED: (
			"We need some information about your shipment {number}",
			"To continue with your request, we need the following from you:\n\n{missing}\n\n"
			"Please send it to us as said below. We will continue as soon as we have it.",
			"We need some information about your shipment {number}. Please see the e-mail that we sent you.",
		),
		HANDED_OVER: (
			"Your shipment {number} is now being traced in {country}",
			"Our colleagues in {country} are now looking into your request about the shipment {number}.\n\n"
			"There is nothing you need to do. We remain responsible for your request, and will let you know as soon "
			"as there is news.",
			"Our colleagues in {country} are now tracing your shipment {number}.",
		),
		PROGRESS: (
			"News about your shipment {number}",
			"There is news about your shipment {number}:\n\n{update}\n\n"
			"We are still working on your request and will keep you informed.",
			"",
		),
		SOLVED: (
			"Is your request about the shipment {number} solved?",
			"We believe that your request about the shipment {number} is solved. This is what was done:\n\n"
			"{solution}\n\nPlease let us know whether you agree:\n\n{link}\n\n"
			"This link is for you alone, and can be used once.",
			"We believe that your request about the shipment {number} is solved. Please let us know whether you "
			"agree, by the link in the e-mail that we sent you.",
		),
		REMINDER: (
			"Reminder: is your request about the shipment {number} solved?",
			"We asked you whether your request about the shipment {number} is solved, and have not had your answer "
			"yet. This is what was done:\n\n{solution}\n\nPlease let us know whether you agree:\n\n{link}\n\n"
			"This link takes the place of the earlier one. It is for you alone, and can be used once.",
			"",
		),
		CLOSED: (
			"Your request about the shipment {number} is closed",
			"We have closed your request about the shipment {number}.\n\n{solution}\n\n"
			"Thank you for your trust. If anything is not as it should be, please write to us as said below, and we "
			"will take it up again.",
			"Your request about the shipment {number} is closed. Thank you for your trust.",
		),
		REOPENED: (
			"We are tracing your shipment {number} again",
			"We have taken up your request about the shipment {number} again, and our team is working on it.\n\n"
			"We will let you know as soon as there is news.",
			"We have taken up your request about the shipment {number} again, and will let you know as soon as there "
			"is news.",
		),
	},
	"ar": {
		OPENED: (
			"نعمل على تعقب شحنتكم {number}",
			"فتحنا حالة لتعقب شحنتكم {number}، وفريقنا المختص يعمل عليها الآن، ونسعى إلى موافاتكم بالنتيجة في موعد "
			"أقصاه {due}.\n\nوسنبلغكم فور ورود أي جديد.",
			"نعمل على تعقب شحنتكم {number}، وسنبلغكم فور ورود أي جديد.",
		),
		DATA_NEEDED: (
			"نحتاج إلى بعض البيانات عن شحنتكم {number}",
			"لنتمكن من مواصلة العمل على طلبكم، نرجو تزويدنا بما يلي:\n\n{missing}\n\n"
			"نرجو إرسال ذلك إلينا بالطريقة المبينة أدناه، وسنواصل العمل على طلبكم فور وصوله.",
			"نحتاج إلى بعض البيانات عن شحنتكم {number}. نرجو الاطلاع على رسالة البريد الإلكتروني المرسلة إليكم.",
		),
		HANDED_OVER: (
			"شحنتكم {number} قيد التعقب الآن في {country}",
			"يعمل زملاؤنا في {country} الآن على طلبكم بشأن الشحنة {number}.\n\n"
			"لا يلزمكم اتخاذ أي إجراء، ونظل مسؤولين أمامكم عن طلبكم، وسنبلغكم فور ورود أي جديد.",
			"يعمل زملاؤنا في {country} الآن على تعقب شحنتكم {number}.",
		),
		PROGRESS: (
			"مستجدات بشأن شحنتكم {number}",
			"نود إحاطتكم بآخر المستجدات بشأن شحنتكم {number}:\n\n{update}\n\n"
			"وما زلنا نعمل على طلبكم، وسنوافيكم بكل جديد.",
			"",
		),
		SOLVED: (
			"هل تم حل طلبكم بشأن الشحنة {number}؟",
			"نعتقد أن طلبكم بشأن الشحنة {number} قد تم حله، وفيما يلي بيان ما قمنا به:\n\n{solution}\n\n"
			"نرجو التكرم بإفادتنا برأيكم عبر الرابط التالي:\n\n{link}\n\nهذا الرابط خاص بكم، ويُستخدم مرة واحدة.",
			"نعتقد أن طلبكم بشأن الشحنة {number} قد تم حله. نرجو إفادتنا برأيكم عبر الرابط الوارد في رسالة البريد "
			"الإلكتروني المرسلة إليكم.",
		),
		REMINDER: (
			"تذكير: هل تم حل طلبكم بشأن الشحنة {number}؟",
			"سألناكم عما إذا كان طلبكم بشأن الشحنة {number} قد تم حله، ولم يصلنا ردكم بعد. وفيما يلي بيان ما قمنا "
			"به:\n\n{solution}\n\nنرجو التكرم بإفادتنا برأيكم عبر الرابط التالي:\n\n{link}\n\n"
			"يحل هذا الرابط محل الرابط السابق، وهو خاص بكم ويُستخدم مرة واحدة.",
			"",
		),
		CLOSED: (
			"إغلاق طلبكم بشأن الشحنة {number}",
			"أغلقنا طلبكم بشأن الشحنة {number}.\n\n{solution}\n\n"
			"نشكركم على ثقتكم. وإن بقي أي أمر على غير ما ترجون، فنرجو الكتابة إلينا بالطريقة المبينة أدناه، وسنعاود "
			"العمل على طلبكم.",
			"تم إغلاق طلبكم بشأن الشحنة {number}. نشكركم على ثقتكم.",
		),
		REOPENED: (
			"نعاود تعقب شحنتكم {number}",
			"أعدنا فتح طلبكم بشأن الشحنة {number}، وفريقنا المختص يعمل عليه الآن.\n\nوسنبلغكم فور ورود أي جديد.",
			"أعدنا فتح طلبكم بشأن الشحنة {number}، وسنبلغكم فور ورود أي جديد.",
		),
	},
}


def seed() -> None:
	"""Policy: TRC-21, TRC-22, CX-3.9"""
	written = set(ledger.made(DOCTYPE).values())
	for lang, texts in TEXTS.items():
		for event, text in texts.items():
			key = f"{event} {lang}"
			if key not in written:
				_write(event, lang, key, *text)


def _write(event: str, lang: str, key: str, subject: str, message: str, sms: str) -> None:
	values = {"event": event, "nature": "", "language": lang}
	# Somebody has worded this one before it was seeded.
	if not frappe.get_all(DOCTYPE, {"event": event, "language": lang, "nature": ("is", "not set")}, limit=1):
		text = {"subject": subject, "message": f"{GREETING[lang]}\n\n{message}", "sms": sms, "enabled": 1}
		# Setup runs as whoever installs or migrates.
		notice = frappe.get_doc({"doctype": DOCTYPE, **values, **text}).insert(ignore_permissions=True)
		ledger.remember(DOCTYPE, notice.name, key)
