// The corrective actions on a report: what was decided, by whom it is done until when, and its effect since.
frappe.provide("core_helpdesk");

core_helpdesk.corrective_actions = (() => {
	const API = "core_helpdesk.monthly_api.";
	const { said, number, coloured, framed } = core_helpdesk.month_figures;

	function show(frm, { actions, measures, may_decide }) {
		const place = frm.get_field("actions_html").$wrapper.empty();
		place.append(actions.length ? listed(actions) : `<p class="text-muted">${__("No corrective action was decided on.")}</p>`);
		core_helpdesk.reading.hint_wide(place);
		if (!may_decide) return;
		const button = $(`<button class="btn btn-default btn-sm" style="margin-top: 8px">${__("Decide on an Action")}</button>`);
		place.append(button);
		button.on("click", () => decide(frm, measures));
	}

	function listed(actions) {
		const heads = [__("What Is to Be Done"), __("Responsible"), __("To Be Done By"), __("State", null, "Corrective Action"), __("Effect", null, "Corrective Action")];
		return framed(heads, actions.map(row), "");
	}

	function row(action) {
		const link = said(frappe.utils.get_form_link("Corrective Action", action.name));
		const late = action.is_overdue ? ` <span style="${coloured("red")}">${__("Overdue", null, "Corrective Action")}</span>` : "";
		const where = action.place ? `<div class="text-muted"><bdi>${said(action.place)}</bdi></div>` : "";
		const note = action.note ? `<div class="text-muted" dir="auto">${said(action.note)}</div>` : "";
		return `<tr>
			<td><a href="${link}" dir="auto">${said(action.what)}</a>${where}</td>
			<td><bdi>${said(action.responsible)}</bdi></td>
			<td>${number(action.due)}</td>
			<td>${said(action.state)}${late}${note}</td>
			<td>${action.effect ? effect(action.effect) : ""}</td>
		</tr>`;
	}

	function effect({ label, then, now, change, tone }) {
		const by = change ? ` <span style="${coloured(tone)}">(${number(change)})</span>` : "";
		const arrow = frappe.utils.is_rtl() ? "←" : "→";
		return `${said(label)}: ${number(then)} ${arrow} ${number(now)}${by}`;
	}

	function decide(frm, measures) {
		const is_tracing = frm.doctype === "Tracing Month";
		const dialog = new frappe.ui.Dialog({
			title: __("Corrective Action"),
			// One below the other: a measure has a long name.
			fields: [
				{ fieldname: "what", fieldtype: "Small Text", label: __("What Is to Be Done"), reqd: 1 },
				{
					fieldname: "responsible",
					fieldtype: "Link",
					options: "User",
					label: __("Responsible"),
					reqd: 1,
					get_query: () => ({ filters: { user_type: "System User", enabled: 1 } }),
				},
				{ fieldname: "due_on", fieldtype: "Date", label: __("To Be Done By"), reqd: 1 },
				{
					fieldname: "measure",
					fieldtype: "Select",
					label: __("Measured By"),
					options: [{ value: "", label: "" }, ...measures],
					onchange: () => show_value(frm, dialog),
				},
				{
					fieldname: "department",
					fieldtype: "Link",
					options: "Core Department",
					label: __("Department", null, "Core Helpdesk"),
					hidden: is_tracing ? 1 : 0,
					onchange: () => show_value(frm, dialog),
				},
				{
					fieldname: "country",
					fieldtype: "Link",
					options: "Country",
					label: __("Country"),
					onchange: () => show_value(frm, dialog),
				},
			],
			primary_action_label: __("Record", null, "Corrective Action"),
			async primary_action(values) {
				await frappe.xcall(`${API}decide`, { doctype: frm.doctype, report: frm.doc.name, ...values });
				dialog.hide();
				frm.reload_doc();
			},
		});
		dialog.show();
	}

	// What the action is to change, as it stands on this report in the chosen place.
	async function show_value(frm, dialog) {
		const { measure, department, country } = dialog.get_values(true);
		const asked = { doctype: frm.doctype, report: frm.doc.name, measure, department, country };
		const value = measure ? await frappe.xcall(`${API}value_now`, asked) : "";
		if (dialog.get_value("measure") !== (measure || "")) return;
		const words = value ? __("Now: {0}", [`<b dir="ltr">${said(value)}</b>`]) : "";
		dialog.set_df_property("measure", "description", words);
	}

	return { show, effect };
})();
