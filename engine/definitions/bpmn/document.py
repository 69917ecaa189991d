"""Bytes become a tree here, or a finding: no DTD, no entities, no network, bounded in size and depth."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree

from engine.definitions.bpmn.bounds import too_much
from engine.definitions.bpmn.names import Element
from engine.model.errors import Finding, Message, Severity

MAX_BYTES: Final = 10 * 1024 * 1024

# Everything that XML allows before a document type: declaration, instructions, comments, spaces.
_PROLOGUE: Final = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def read_document(data: bytes, file: str) -> Element | Finding:
    """Parse one XML file; a refusal is a finding with the line where reading stopped."""
    if len(data) > MAX_BYTES:
        return _refusal(
            file,
            Message("xml_too_large", "The file has {size} bytes; {limit} are allowed.", _sizes(data)),
            Message("xml_too_large_remedy", "Split it into several processes or remove embedded pictures."),
        )
    if _declares_type(data):
        return _doctype(file)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        return _broken(file, error)
    if root.getroottree().docinfo.doctype:
        return _doctype(file)
    return too_much(root, file) or root


def _declares_type(data: bytes) -> bool:
    """True where a document type comes before the root element, in any encoding that keeps ASCII apart."""
    for mark in _BYTE_ORDER_MARKS:
        data = data.removeprefix(mark)
    start = data[:65536].replace(b"\0", b"")
    prologue = _PROLOGUE.match(start)
    return start[prologue.end() if prologue else 0 :][:9].upper() == b"<!DOCTYPE"


def _sizes(data: bytes) -> dict[str, object]:
    return {"size": len(data), "limit": MAX_BYTES}


def _doctype(file: str) -> Finding:
    return _refusal(
        file,
        Message("xml_doctype", "The file declares a document type, which could hide entities."),
        Message("xml_doctype_remedy", "Remove the <!DOCTYPE …> line."),
    )


def _broken(file: str, error: Exception) -> Finding:
    reason = " ".join(re.sub(r"\s*\(<string>, line \d+\)$", "", str(error)).split()) or type(error).__name__
    line = error.lineno or 0 if isinstance(error, etree.XMLSyntaxError) else 0
    if "depth" in reason:
        return _refusal(
            file,
            Message("xml_too_deep", "Elements are nested too deeply to be read."),
            Message("xml_too_deep_remedy", "Move inner subprocesses into called processes."),
            line,
        )
    return _refusal(
        file,
        Message("xml_broken", "The file is not well-formed XML: {reason}.", {"reason": reason}),
        Message("xml_broken_remedy", "Save it again from the modelling tool, or mend this line by hand."),
        line,
    )


def _refusal(file: str, message: Message, remedy: Message, line: int = 0) -> Finding:
    return Finding(Severity.ERROR, message, remedy, file=file, line=line)
