// Choosing a country fills the calendar; announced dates are confirmed or moved; a newer library is taken over by choice.
frappe.ui.form.on("Working Calendar", {
	setup(frm) {
		if (Intl.supportedValuesOf) frm.set_df_property("time_zone", "options", Intl.supportedValuesOf("timeZone"));
	},

	// The framework offers the site's own country; a calendar need not belong to any.
	before_load(frm) {
		if (frm.is_new() && !frm.doc.calendar_name) frm.doc.country = "";
		frm.country_before = frm.doc.country;
	},

	onload(frm) {
		core_helpdesk.reading.dress(frm);
		dress_words(frm);
	},

	refresh(frm) {
		show_state(frm);
		if (frm.is_new() || !frappe.model.can_write("Working Calendar")) return;
		const dates = __("Dates");
		if (estimated(frm).length) {
			frm.add_custom_button(__("Confirm Holidays"), () => confirm_holidays(frm), dates);
			frm.add_custom_button(__("Move a Feast"), () => move_holidays(frm), dates);
		}
		if (frm.doc.country) frm.add_custom_button(__("Compare with Library"), () => compare(frm), dates);
	},

	country(frm) {
		const before = frm.country_before;
		frm.country_before = frm.doc.country;
		if (!frm.doc.country) return;
		// The name follows the country until somebody writes one of their own.
		const is_own = frm.doc.calendar_name && frm.doc.calendar_name !== before;
		if (frm.is_new() && !is_own) frm.set_value("calendar_name", frm.doc.country);
		const is_empty = !["intervals", "weekends", "holidays"].some((table) => (frm.doc[table] || []).length);
		if (is_empty) fill(frm);
		else {
			const question = __("Replace hours, weekends, seasons and holidays by those of {0}?", [core_helpdesk.reading.country(frm.doc.country)]);
			frappe.confirm(question, () => fill(frm));
		}
	},
});

// Names that are kept in English, like every option of a list.
function dress_words(frm) {
	const escape = frappe.utils.escape_html;
	const word = (value) => escape(__(value || ""));
	const days = (value) => escape(core_helpdesk.reading.list((value || "").split(/,\s*/).filter(Boolean).map((day) => weekday(day))));
	const words = [
		["Working Calendar Holiday", "holiday_name", word],
		["Working Calendar Season", "season_name", word],
		["Working Calendar Exception", "reason", word],
		["Working Calendar Weekend", "days", days],
	];
	for (const [doctype, field, formatter] of words) core_helpdesk.reading.dress_cells(frm, doctype, field, formatter);
}

const weekday = (day) => __(day, null, "Working Calendar Weekend");

// Frozen until the answer is there: it replaces the whole form, and with it whatever is chosen or written meanwhile.
const ask = (frm, method) => frm.call({ method, doc: frm.doc, freeze: true });

async function fill(frm) {
	await ask(frm, "fill_from_country");
	frm.dirty();
	frm.refresh();
}

function today_or_later(row) {
	return row.day >= frappe.datetime.get_today();
}

function estimated(frm) {
	return (frm.doc.holidays || []).filter((row) => row.estimated);
}

function show_state(frm) {
	frm.dashboard.clear_headline();
	if (frm.is_new()) return;
	const next = estimated(frm).filter(today_or_later)[0];
	if (!next) return;
	const text = __("Estimated: {0} on {1}. Confirm it once it is announced.", [
		__(next.holiday_name),
		core_helpdesk.reading.day(next.day),
	]);
	frm.dashboard.set_headline(frappe.utils.escape_html(text), "orange");
}

function choices(rows) {
	return rows.map((row) => ({
		value: row.day,
		label: frappe.utils.escape_html(`${core_helpdesk.reading.day(row.day)} – ${__(row.holiday_name)}`),
		checked: 0,
	}));
}

// Those to come first: dates of the past are rarely what somebody has come for.
function by_nearness(rows) {
	return [...rows.filter(today_or_later), ...rows.filter((row) => !today_or_later(row)).reverse()];
}

function ask_days(frm, title, action, rows, more, act) {
	const dialog = new frappe.ui.Dialog({
		title,
		fields: [
			...more,
			{
				fieldname: "days",
				fieldtype: "MultiCheck",
				label: __("Days"),
				options: choices(by_nearness(rows)),
				sort_options: false,
				columns: 1,
			},
		],
		primary_action_label: action,
		primary_action: async (values) => {
			const days = dialog.fields_dict.days.get_checked_options();
			if (!days.length) return frappe.show_alert({ message: __("Choose a day first."), indicator: "orange" });
			// What is refused stays to be mended.
			const is_done = await act(days, values).then(() => true, () => false);
			if (!is_done) return null;
			dialog.hide();
			return frm.reload_doc();
		},
	});
	dialog.show();
}

function confirm_holidays(frm) {
	ask_days(frm, __("Confirm Holidays"), __("Confirm Days"), estimated(frm), [], (days) =>
		frm.call("confirm_holidays", { days })
	);
}

function move_holidays(frm) {
	const announced = {
		fieldname: "first_day",
		fieldtype: "Date",
		label: __("Announced First Day"),
		reqd: 1,
		description: __("The other chosen days keep their distance to the first."),
	};
	ask_days(frm, __("Move a Feast"), __("Move Days"), estimated(frm), [announced], (days, { first_day }) =>
		frm.call("move_holidays", { days, first_day })
	);
}

const CHANGES = { Add: __("Add {0}"), Remove: __("Remove {0}"), Change: __("Change to {0}") };

async function compare(frm) {
	const { message: changes } = await ask(frm, "compare_with_library");
	if (!changes.length) {
		return frappe.msgprint({
			title: __("Compare with Library"),
			message: __("The calendar agrees with the library of holidays."),
			indicator: "green",
		});
	}
	const rows = changes.map((change) => ({
		day: change.day,
		holiday_name: CHANGES[change.kind].replace("{0}", __(change.holiday_name)),
	}));
	return ask_days(frm, __("Compare with Library"), __("Take Over"), rows, [], (days) =>
		frm.call("apply_library", { days })
	);
}
