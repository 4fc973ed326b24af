"""Our Excel workbook for a programme: a template, a filled one, and reading it back."""

from models.programmes.workbook.reading import Book, read_workbook
from models.programmes.workbook.template import template, write_workbook

__all__ = ["Book", "read_workbook", "template", "write_workbook"]
