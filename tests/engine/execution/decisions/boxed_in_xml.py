"""Boxed expressions for tests, written short."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from tests.engine.execution.decisions.tables_in_xml import HEAD


def literal(text: str, kind: str = "") -> str:
    typed = f' typeRef="{kind}"' if kind else ""
    return f"<literalExpression{typed}><text>{escape(text)}</text></literalExpression>"


def context(*entries: tuple[str, str], result: str = "") -> str:
    """Give a context of named expressions; a name may end in `:type`."""
    inner = "".join(f"<contextEntry>{variable(name)}{logic}</contextEntry>" for name, logic in entries)
    return f"<context>{inner}{f'<contextEntry>{result}</contextEntry>' if result else ''}</context>"


def variable(named: str, tag: str = "variable") -> str:
    name, _, kind = named.partition(":")
    return f"<{tag} name={quoteattr(name)}{f' typeRef={quoteattr(kind)}' if kind else ''}/>"


def invocation(called: str, **values: str) -> str:
    inner = "".join(f"<binding>{variable(name, 'parameter')}{literal(text)}</binding>" for name, text in values.items())
    return f"<invocation>{literal(called)}{inner}</invocation>"


def function(body: str, *parameters: str, tag: str = "functionDefinition", more: str = "") -> str:
    told = "".join(variable(parameter, "formalParameter") for parameter in parameters)
    return f"<{tag}{more}>{told}{body}</{tag}>"


def loop(kind: str, name: str, source: str, body: str) -> str:
    last = "return" if kind == "for" else "satisfies"
    return f"<{kind} iteratorVariable={quoteattr(name)}><in>{source}</in><{last}>{body}</{last}></{kind}>"


def filtered(source: str, match: str) -> str:
    return f"<filter><in>{source}</in><match>{match}</match></filter>"


def conditional(condition: str, then: str, otherwise: str) -> str:
    return f"<conditional><if>{condition}</if><then>{then}</then><else>{otherwise}</else></conditional>"


def needs(*references: str, kind: str = "Decision") -> str:
    requirement = "knowledgeRequirement" if kind == "Knowledge" else "informationRequirement"
    return "".join(f'<{requirement}><required{kind} href="{each}"/></{requirement}>' for each in references)


def decision(named: str, logic: str, *, uses: str = "") -> str:
    """Give a decision whose id is its name with a line in front; a name may end in `:type`."""
    name = named.partition(":")[0]
    return f"<decision id={quoteattr('_' + name)} name={quoteattr(name)}>{variable(named)}{uses}{logic}</decision>"


def told(named: str) -> str:
    name = named.partition(":")[0]
    return f"<inputData id={quoteattr('_' + name)} name={quoteattr(name)}>{variable(named)}</inputData>"


def model(named: str, body: str, *parameters: str, uses: str = "") -> str:
    name = named.partition(":")[0]
    logic = function(body, *parameters, tag="encapsulatedLogic")
    head = f"<businessKnowledgeModel id={quoteattr('_' + name)} name={quoteattr(name)}>"
    return f"{head}{variable(named)}{logic}{uses}</businessKnowledgeModel>"


def service(name: str, outputs: str, decisions: str = "", inputs: str = "", inner: str = "") -> str:
    """Give a decision service; each list is ids with spaces between them."""
    kinds = (("outputDecision", outputs), ("encapsulatedDecision", inner), ("inputDecision", decisions))
    parts = "".join(f'<{tag} href="#{each}"/>' for tag, ids in (*kinds, ("inputData", inputs)) for each in ids.split())
    return f'<decisionService id="_{name}" name="{name}"><variable name="{name}"/>{parts}</decisionService>'


def imported(name: str, namespace: str) -> str:
    kind = "https://www.omg.org/spec/DMN/20230324/MODEL/"
    return f'<import name="{name}" namespace="{namespace}" importType="{kind}"/>'


def definitions(*parts: str, namespace: str = "urn:t") -> bytes:
    return f"{HEAD.replace('urn:t', namespace)}{''.join(parts)}</definitions>".encode()
