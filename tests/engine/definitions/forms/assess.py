"""The form that the tests of forms fill in: it has every kind of field."""

from __future__ import annotations

import json
from typing import Any

from engine.definitions.forms import read_form
from engine.model.form import Form


def assess() -> dict[str, Any]:
    """The form as a designer writes it, to be changed by a test."""
    return {
        "title": {"en": "Assess the damage", "pl": "Ocena szkody"},
        "schema": {
            "type": "object",
            "required": ["cause", "found_on"],
            "properties": {
                "cause": {"type": "string", "enum": ["material", "assembly", "misuse"]},
                "cost": {"type": "string", "format": "decimal", "minimum": 0, "maximum": 5000},
                "found_on": {"type": "string", "format": "date"},
                "pieces": {"type": "integer", "minimum": 1},
                "note": {"type": "string"},
                "mail": {"type": "string", "format": "email"},
                "phone": {"type": "string", "format": "phone"},
                "safe": {"type": "boolean"},
                "marks": {"type": "array", "items": {"type": "string", "enum": ["rust", "crack"]}},
                "photos": {"type": "array", "items": {"type": "string", "format": "file"}},
                "lines": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "required": ["part"],
                        "properties": {"part": {"type": "string"}, "qty": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
        "ui": {
            "fields": {
                "cause": {"label": {"en": "Cause", "pl": "Przyczyna"}, "options": {"misuse": {"en": "Wrong use"}}},
                "cost": {"label": {"en": "Cost"}, "unit": "EUR", "show_when": "cause != 'misuse'"},
                "found_on": {"label": {"en": "Found on"}},
                "pieces": {"label": {"en": "Pieces"}},
                "note": {"label": {"en": "Note"}, "widget": "textarea", "store": "message"},
                "mail": {"label": {"en": "E-mail"}, "store": "customer"},
                "phone": {"label": {"en": "Telephone"}, "store": "customer"},
                "safe": {"label": {"en": "Safe to use"}},
                "marks": {"label": {"en": "Marks"}},
                "photos": {"label": {"en": "Photos"}},
                "lines": {
                    "label": {"en": "Parts"},
                    "columns": {"part": {"label": {"en": "Part"}}, "qty": {"label": {"en": "Quantity"}}},
                },
            }
        },
    }


def form_of(content: dict[str, Any]) -> Form:
    """The form, which the test takes to be a good one."""
    read = read_form(json.dumps(content).encode(), key="assess")
    assert read.form is not None, [str(finding) for finding in read.findings]
    return read.form


def codes_of(content: dict[str, Any]) -> list[str]:
    """The codes of everything found wrong."""
    return [
        finding.message.code for finding in read_form(json.dumps(content, indent=1).encode(), key="assess").findings
    ]
