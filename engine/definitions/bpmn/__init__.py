"""Any BPMN 2.0 file becomes the typed model of `engine.model.bpmn`; whatever is wrong with it becomes findings."""

from engine.definitions.bpmn.reader import ReadResult, read_bpmn

__all__ = ["ReadResult", "read_bpmn"]
