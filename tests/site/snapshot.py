"""The data of all tables at one moment, and the way back to it after tests that really commit."""

from __future__ import annotations

from dataclasses import dataclass

import frappe


@dataclass(frozen=True, slots=True)
class Snapshot:
	"""A second database with a copy of every table, and each table's checksum."""

	database: str
	checksums: dict[str, int]

	@classmethod
	def take(cls) -> Snapshot:
		copy = f"{frappe.conf.db_name}_kept"
		root = root_connection()
		root.execute(f"DROP DATABASE IF EXISTS `{copy}`")
		root.execute(f"CREATE DATABASE `{copy}`")
		checksums = present_checksums(root)
		for table in checksums:
			root.execute(f"CREATE TABLE `{copy}`.`{table}` LIKE `{frappe.conf.db_name}`.`{table}`")
			root.execute(f"INSERT INTO `{copy}`.`{table}` SELECT * FROM `{frappe.conf.db_name}`.`{table}`")
		return cls(copy, checksums)

	def restore(self) -> None:
		"""Puts back the rows of every table that has changed since."""
		root = root_connection()
		root.execute("SET SESSION foreign_key_checks = 0")
		for table, checksum in present_checksums(root).items():
			if self.checksums.get(table) != checksum:
				root.execute(f"DELETE FROM `{frappe.conf.db_name}`.`{table}`")
				root.execute(
					f"INSERT INTO `{frappe.conf.db_name}`.`{table}` SELECT * FROM `{self.database}`.`{table}`"
				)


def root_connection() -> object:
	"""A cursor of the server's root user: the site's own may not see a second database."""
	import pymysql

	connection = pymysql.connect(
		host=frappe.conf.db_host,
		port=int(frappe.conf.db_port),
		user=frappe.conf.root_login,
		password=frappe.conf.root_password,
		charset="utf8mb4",
		autocommit=True,
	)
	return connection.cursor()


def present_checksums(root: object) -> dict[str, int]:
	name = frappe.conf.db_name
	root.execute(
		"SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type = 'BASE TABLE'",
		(name,),
	)
	tables = ", ".join(f"`{name}`.`{row[0]}`" for row in root.fetchall())
	root.execute(f"CHECKSUM TABLE {tables}")
	return {table.split(".", 1)[1]: checksum for table, checksum in root.fetchall()}
