"""Programmes out of Word files and text: task tables, numbered items with responsibilities."""

from models.programmes.documents.build import Draft
from models.programmes.documents.head import Source
from models.programmes.documents.read import SUFFIXES, read_document
from models.rules.unit_names import KnownUnit

__all__ = ["SUFFIXES", "Draft", "KnownUnit", "Source", "read_document"]
