"""Commands of bench for this app."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import frappe
from frappe.commands import get_site, pass_context
from frappe.exceptions import SiteNotSpecifiedError


@click.command("ch-clean")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_context
def ch_clean(context: Any, yes: bool) -> None:
	"""Drop the columns that Core Helpdesk left on the host's tables, after the app was uninstalled."""
	from core_helpdesk.setup import columns

	if not context.sites:
		raise SiteNotSpecifiedError
	for site in context.sites:
		try:
			frappe.init(site)
			frappe.connect()
			columns.clean(site, ask=not yes)
		finally:
			frappe.destroy()


@click.command("ch-import-groups")
@click.argument("path", type=click.Path(exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option(
	"--create-missing", is_flag=True, help="Make the departments and categories that are not there."
)
@pass_context
def ch_import_groups(context: Any, path: str, dry_run: bool, create_missing: bool) -> None:
	"""Give groups their category, department, country and head from a CSV file."""
	from core_helpdesk.setup import group_import

	if not context.sites:
		raise SiteNotSpecifiedError
	failed = False
	for site in context.sites:
		try:
			frappe.init(site)
			frappe.connect()
			failed |= not group_import.run_command(path, dry_run=dry_run, create_missing=create_missing)
		finally:
			frappe.destroy()
	if failed:
		raise SystemExit(2)


@contextmanager
def connected(context: Any) -> Iterator[None]:
	"""The one site that the command is for."""
	frappe.init(get_site(context))
	frappe.connect()
	try:
		yield
	finally:
		frappe.destroy()


@click.command("ch-export-policy")
@click.option("--out", type=click.Path(dir_okay=False), help="The file to write; printed if none is given.")
@pass_context
def ch_export_policy(context, out: str | None) -> None:
	"""Write the policies in force as a file for `core-helpdesk replay`."""
	with connected(context):
		from core_helpdesk import config
		from core_helpdesk.exports import policies

		exported = policies.export(config.now_epoch())
		if out:
			Path(out).write_text(exported.text, encoding="utf-8", newline="\n")
		else:
			click.echo(exported.text, nl=False)
		for note in exported.notes:
			click.echo(note, err=True)


@click.command("ch-export-tickets")
@click.option("--out", type=click.Path(file_okay=False), required=True, help="The folder for the two files.")
@pass_context
def ch_export_tickets(context, out: str) -> None:
	"""Write all tickets and their changes as files for `core-helpdesk replay`."""
	with connected(context):
		from core_helpdesk.exports import tickets

		written = tickets.export(out)
		click.echo(f"{out}/tickets.csv: {written.tickets}\n{out}/events.csv: {written.changes}")
		if written.left_out:
			click.echo(f"Changes to statuses that are no more, left out: {written.left_out}", err=True)


commands = [ch_clean, ch_export_policy, ch_export_tickets, ch_import_groups]
