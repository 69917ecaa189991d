"""Form files become typed forms, or findings; values become typed values, or field errors."""

from engine.definitions.forms.joining import join_forms
from engine.definitions.forms.reader import FormRead, read_form
from engine.definitions.forms.values import check_values, typed_or_given

__all__ = ["FormRead", "check_values", "join_forms", "read_form", "typed_or_given"]
