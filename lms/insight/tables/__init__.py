"""Lists to take along: as CSV for any program, as XLSX for Excel."""

from lms.insight.tables.writing import LARGEST_XLSX, Column, Kind, Table, csv_lines, xlsx

__all__ = ["LARGEST_XLSX", "Column", "Kind", "Table", "csv_lines", "xlsx"]
