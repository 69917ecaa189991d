"""A reference resolves inside its own deployment; on request in the latest, or in a version, that the host knows (R17)."""

from __future__ import annotations

from typing import NoReturn

from engine.execution.compiler.code import NodeCode, ProcessCode, ProgramCode
from engine.execution.machine.run import Run, Stuck
from engine.execution.machine.state import Token

_OWN = ("", "deployment")


def called_process(run: Run, token: Token) -> ProcessCode:
    """Give the process that a call activity calls; raise Stuck where the binding leads nowhere."""
    node = token.node
    own = _program_at(run, token)
    binding = node.source.call.binding if node.source.call is not None else ""
    program = own
    if binding not in _OWN and own.library is not None:
        program = own.library.of_process(node.called, binding) or _nothing(node, node.called, binding)
    found = program.processes.get(node.called)
    return found if found is not None else _nothing(node, node.called, binding)


def deciding_program(run: Run, token: Token, decision: str, binding: str) -> ProgramCode:
    """Give the program whose tables a business rule task asks; raise Stuck where the binding leads nowhere."""
    own = _program_at(run, token)
    program = own
    if binding not in _OWN and own.library is not None:
        program = own.library.of_decision(decision, binding) or _nothing(token.node, decision, binding)
    return program if decision in program.decisions else _nothing(token.node, decision, binding)


def _program_at(run: Run, token: Token) -> ProgramCode:
    """The program that the token's scope was begun in."""
    digest = token.scope.process.digest
    if run.program.library is None or digest in ("", run.program.digest):
        return run.program
    found = run.program.library.of_digest(digest)
    if found is None:
        raise Stuck(
            "version_gone", "The version that “{element}” belongs to is no longer there.", element=token.node.id
        )
    return found


def _nothing(node: NodeCode, wanted: str, binding: str) -> NoReturn:
    raise Stuck(
        "binding_leads_nowhere",
        "“{element}” asks for “{wanted}” ({binding}), which is not deployed; deploy it and try again.",
        element=node.source.name or node.id,
        wanted=wanted,
        binding=binding or "deployment",
    )
