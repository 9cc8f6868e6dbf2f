{% include "core_helpdesk/public/js/month_report.js" %}

// Reports of any days: from when until when, and figures that lead to the records behind them.
core_helpdesk.days_report = (() => {
	// The last `back` days until today; none to begin with where the server says which.
	function day_filters(back) {
		const today = frappe.datetime.get_today();
		const day = (fieldname, label, value) => ({ fieldname, fieldtype: "Date", label, default: value, reqd: back ? 1 : 0 });
		return [
			day("since", __("From Day"), back && frappe.datetime.add_days(today, 1 - back)),
			day("until", __("Until Day"), back && today),
		];
	}

	function place_filters() {
		return [
			core_helpdesk.report.link("department", __("Department", null, "Core Helpdesk"), "Core Department"),
			core_helpdesk.report.link("country", __("Country"), "Country"),
		];
	}

	// The server says which records make a figure, for this reader.
	function lead(report) {
		core_helpdesk.month_report.lead(report, async (figure, { part, ...days }) => {
			const { doctype, names } = await frappe.xcall("core_helpdesk.report_api.records", {
				report: report.report_name,
				filters: { ...report.get_filter_values(), ...days },
				figure,
				part,
			});
			core_helpdesk.month_report.show_list(doctype, names);
		});
	}

	return { day_filters, lead, place_filters };
})();
