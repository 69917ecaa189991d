"""Keys of what ships (roles, stages, queues, tables, facts) have words; a designer's own are shown readably."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final


def N_(text: str) -> str:  # noqa: N802  # gettext's own name, which extraction knows
    """The text itself, marked for the catalogue; whoever shows it translates it."""
    return text


ROLES = {
    "clerk": N_("Clerk"),
    "specialist": N_("Specialist"),
    "lead": N_("Team lead"),
    "manager": N_("Manager"),
    "designer": N_("Process designer"),
    "administrator": N_("Administrator"),
}
STAGES = {
    "received": N_("Received"),
    "acknowledged": N_("Acknowledged"),
    "assessed": N_("Assessed"),
    "under_investigation": N_("Under investigation"),
    "responded": N_("Responded"),
    "decision_communicated": N_("Decision communicated"),
    "closed": N_("Closed"),
}
TASK_STATES = {
    "created": N_("Created"),
    "ready": N_("To be taken"),
    "reserved": N_("Taken"),
    "in_progress": N_("Started"),
    "suspended": N_("Suspended"),
    "completed": N_("Done"),
    "failed": N_("Failed"),
    "error": N_("Failed"),
    "exited": N_("Ended early"),
    "obsolete": N_("No longer needed"),
}
_QUEUES = {
    "front_office": N_("Front office"),
    "technical": N_("Technical"),
    "energy": N_("Energy"),
    "financial": N_("Financial"),
    "partner": N_("Partners"),
    "fraud": N_("Fraud review"),
    "special_mode": N_("Special mode"),
}
_LEVELS = {"regional": N_("Regional head"), "director": N_("Director")}
_CATEGORIES = {
    "defect": N_("Defect of the product"),
    "damage": N_("Damaged on arrival"),
    "delivery": N_("Delivery"),
    "installation": N_("Installation"),
    "service": N_("Service or repair"),
    "invoice": N_("Invoice or price"),
    "contract": N_("Contract"),
    "supply": N_("Supply interrupted"),
    "meter": N_("Meter or settlement"),
    "credit_reporting": N_("Credit report"),
    "debt_collection": N_("Debt collection"),
    "mortgage": N_("Mortgage"),
    "card": N_("Card"),
    "bank_account": N_("Bank account"),
    "consumer_loan": N_("Consumer loan"),
    "student_loan": N_("Student loan"),
    "money_transfer": N_("Money transfer"),
    "other": N_("Other"),
}
_AREAS = {
    "product": N_("Product"),
    "billing": N_("Billing"),
    "conduct": N_("Conduct of staff"),
    "data": N_("Personal data"),
    "area.service": N_("Customer service"),
}
_PRODUCT_GROUPS = {"appliance": N_("Household appliance"), "machine_tool": N_("Machine tool")}
_KINDS = {
    "internal": N_("internal matter"),
    "complaint": N_("Complaint"),
    "warranty_claim": N_("Warranty claim"),
    "grievance": N_("Complaint about conduct"),
    "objection": N_("Objection"),
    "request": N_("Request"),
}
_CHANNELS = {
    "timer": N_("By itself, at its time"),
    "message": N_("By a message"),
    "signal": N_("By a signal"),
    "web": N_("Web form"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "post": N_("Post"),
    "branch": N_("In person"),
    "api": N_("Interface"),
    "import": N_("Import"),
}
_CUSTOMERS = {
    "consumer": N_("Consumer"),
    "micro": N_("Micro business"),
    "business": N_("Business"),
    "general": N_("Goods and services"),
    "payment": N_("Payment services"),
    "standard": N_("Standard"),
    "gold": N_("Gold"),
    "key": N_("Key"),
    "trial": N_("Trial"),
}
_REMEDIES = {
    "repair": N_("Repair"),
    "replacement": N_("Replacement"),
    "refund": N_("Refund"),
    "price_reduction": N_("Lower price"),
    "compensation": N_("Compensation"),
    "correction": N_("Correction of a bill or record"),
    "apology": N_("Apology or explanation"),
    "none": N_("None"),
}
_ROOT_CAUSES = {
    "cancelled": N_("Cancelled by operations"),
    "design": N_("Product design"),
    "material": N_("Material"),
    "production": N_("Production"),
    "transport": N_("Transport"),
    "use": N_("Use"),
    "information": N_("Wrong or missing information"),
    "system": N_("System failure"),
}
_TABLES = {
    "classify": N_("Classification"),
    "routing": N_("Queue and priority"),
    "approval_limit": N_("Second person"),
    "special_mode_level": N_("Level of special mode"),
}
_FACTS = {
    "category": N_("Category"),
    "product_group": N_("Product group"),
    "sector": N_("Sector"),
    "area": N_("Area"),
    "is_complaint": N_("Complaint"),
    "safety_risk": N_("Safety at risk"),
    "subject": N_("Subject"),
    "text": N_("What the customer wrote"),
    "queue": N_("Queue"),
    "priority": N_("Priority"),
    "country": N_("Country"),
    "channel": N_("Channel"),
    "segment": N_("Segment"),
    "party": N_("Customer is a"),
    "decision": N_("Decision"),
    "amount": N_("Amount"),
    "disputed_amount": N_("Disputed amount"),
    "second_person": N_("Second person"),
    "limit": N_("Limit"),
    "level": N_("Level"),
    "level_tried": N_("Levels tried"),
    "second_limit": N_("Limit for one person"),
    "special_mode_limit": N_("Limit of special mode"),
    "reason": N_("Reason"),
    "remedy": N_("Remedy demanded"),
    "language": N_("Language"),
    "medium": N_("Answer by"),
}
KEYS: Final[Mapping[str, str]] = {
    **_FACTS,
    **_TABLES,
    **_ROOT_CAUSES,
    **_REMEDIES,
    **_CUSTOMERS,
    **_CHANNELS,
    **_KINDS,
    **_PRODUCT_GROUPS,
    **_AREAS,
    **_CATEGORIES,
    **_LEVELS,
    **_QUEUES,
}
PLACES: Final[Mapping[str, Mapping[str, str]]] = {
    "queue": KEYS,
    "role": ROLES,
    "roles": ROLES,
    "stage": STAGES,
    "state": TASK_STATES,
}
DRAWN: Final = frozenset({"task", "element", "action"})
