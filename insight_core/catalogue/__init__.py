"""The field catalogue, the purposes and the methods: the one place that says what may be stored."""

from insight_core.catalogue.columns import Column, columns
from insight_core.catalogue.fields import FACETS, LISTED, Field, asserted, by_facet, field, fields, wholes
from insight_core.catalogue.methods import METHODS, Method, method
from insight_core.catalogue.purposes import CARE, PURPOSES, Purpose, purpose
from insight_core.catalogue.version import catalogue_version

__all__ = [
    "CARE",
    "FACETS",
    "LISTED",
    "METHODS",
    "PURPOSES",
    "Column",
    "Field",
    "Method",
    "Purpose",
    "asserted",
    "by_facet",
    "catalogue_version",
    "columns",
    "field",
    "fields",
    "method",
    "purpose",
    "wholes",
]
