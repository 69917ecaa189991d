"""The names that BPMN 2.0.2 knows: which element may hold which, with which attributes, pointing at what.

A row is `type < base | children | attributes`. Children: `!` at least one, `*` any number, `%` any member of a group.
`>kind/kind` is a reference that must lead there, `~kind` one whose failure is only a warning. Attributes may have
a type: bool, int, or their allowed words in braces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from engine.definitions.bpmn.names import words

_TABLE: Final = """
base | documentation* extensionElements* | id
expressionText < base | |
definitions < base | import* extension* %rootElement* relationship* | name targetNamespace expressionLanguage typeLanguage exporter exporterVersion
import | | namespace! location! importType!
extension | documentation* | definition mustUnderstand:bool
documentation | | id textFormat
relationship < base | source!* target!* | type! direction:{None,Forward,Backward,Both}
category < base | categoryValue* | name
categoryValue < base | | value
itemDefinition < base | | structureRef isCollection:bool itemKind:{Information,Physical}
message < base | | name itemRef~itemDefinition
signal < base | | name structureRef~itemDefinition
error < base | | name errorCode structureRef~itemDefinition
escalation < base | | name escalationCode structureRef~itemDefinition
endPoint < base | |
interface < base | operation!* | name! implementationRef
operation < base | inMessageRef>message! outMessageRef>message errorRef>error* | name! implementationRef
resource < base | resourceParameter* | name!
resourceParameter < base | | name type isRequired:bool
partnerEntity < base | participantRef~participant* | name
partnerRole < base | participantRef~participant* | name
dataStore < base | dataState | name capacity:int isUnlimited:bool itemSubjectRef~itemDefinition
correlationProperty < base | correlationPropertyRetrievalExpression!* | name type
correlationPropertyRetrievalExpression < base | messagePath! | messageRef>message!
correlationKey < base | correlationPropertyRef>correlationProperty* | name
correlationSubscription < base | correlationPropertyBinding* | correlationKeyRef>correlationKey!
correlationPropertyBinding < base | dataPath! | correlationPropertyRef>correlationProperty!

collaboration < base | participant* messageFlow* %artifact* %conversationNode* conversationAssociation* participantAssociation* messageFlowAssociation* correlationKey* choreographyRef>choreography/globalChoreographyTask* conversationLink* | name isClosed:bool
globalConversation < collaboration | |
choreography < collaboration | %flowElement* |
globalChoreographyTask < choreography | | initiatingParticipantRef>participant
participant < base | interfaceRef>interface* endPointRef~endPoint* participantMultiplicity | name processRef>process
participantMultiplicity < base | | minimum:int maximum:int
participantAssociation < base | innerParticipantRef>participant! outerParticipantRef>participant! |
messageFlow < base | | name sourceRef>any! targetRef>any! messageRef>message
messageFlowAssociation < base | | innerMessageFlowRef>messageFlow! outerMessageFlowRef>messageFlow!
conversationNode < base | participantRef>participant* messageFlowRef>messageFlow* correlationKey* | name
conversation < conversationNode | |
subConversation < conversationNode | %conversationNode* |
callConversation < conversationNode | participantAssociation* | calledCollaborationRef>collaboration/globalConversation
conversationAssociation < base | | innerConversationNodeRef>any! outerConversationNodeRef>any!
conversationLink < base | | name sourceRef>any! targetRef>any!

callableElement < base | supportedInterfaceRef>interface* ioSpecification ioBinding* | name
process < callableElement | auditing monitoring property* laneSet* %flowElement* %artifact* %resourceRole* correlationSubscription* supports~process* | processType:{None,Public,Private} isClosed:bool isExecutable:bool definitionalCollaborationRef~collaboration
globalTask < callableElement | %resourceRole* |
globalUserTask < globalTask | rendering* | implementation
globalManualTask < globalTask | |
globalBusinessRuleTask < globalTask | | implementation
globalScriptTask < globalTask | script | scriptLanguage
auditing < base | |
monitoring < base | |
laneSet < base | lane* | name
lane < base | partitionElement flowNodeRef~any* childLaneSet | name partitionElementRef~any
partitionElement < base | |
childLaneSet < laneSet | |

flowElement < base | auditing monitoring categoryValueRef~categoryValue* | name
flowNode < flowElement | incoming>sequenceFlow* outgoing>sequenceFlow* |
sequenceFlow < flowElement | conditionExpression | sourceRef>flowNode! targetRef>flowNode! isImmediate:bool
dataObject < flowElement | dataState | itemSubjectRef~itemDefinition isCollection:bool
dataObjectReference < flowElement | dataState | itemSubjectRef~itemDefinition dataObjectRef>dataObject
dataStoreReference < flowElement | dataState | itemSubjectRef~itemDefinition dataStoreRef~dataStore
dataState < base | | name
association < base | | sourceRef>any! targetRef>any! associationDirection:{None,One,Both}
group < base | | categoryValueRef~categoryValue
textAnnotation < base | text | textFormat
text | |

anyEvent < flowNode | property* |
catchEvent < anyEvent | dataOutput* dataOutputAssociation* outputSet %eventDefinition* eventDefinitionRef>eventDefinition* | parallelMultiple:bool
throwEvent < anyEvent | dataInput* dataInputAssociation* inputSet %eventDefinition* eventDefinitionRef>eventDefinition* |
startEvent < catchEvent | | isInterrupting:bool
intermediateCatchEvent < catchEvent | |
boundaryEvent < catchEvent | | cancelActivity:bool attachedToRef>activity!
endEvent < throwEvent | |
intermediateThrowEvent < throwEvent | |
implicitThrowEvent < throwEvent | |
event < throwEvent | |
messageEventDefinition < base | operationRef>operation | messageRef>message
timerEventDefinition < base | timeDate timeDuration timeCycle |
signalEventDefinition < base | | signalRef>signal
errorEventDefinition < base | | errorRef>error
escalationEventDefinition < base | | escalationRef>escalation
conditionalEventDefinition < base | condition! |
compensateEventDefinition < base | | waitForCompletion:bool activityRef>activity
cancelEventDefinition < base | |
terminateEventDefinition < base | |
linkEventDefinition < base | source>linkEventDefinition* target>linkEventDefinition | name!

gateway < flowNode | | gatewayDirection:{Unspecified,Converging,Diverging,Mixed}
exclusiveGateway < gateway | | default>sequenceFlow
inclusiveGateway < gateway | | default>sequenceFlow
parallelGateway < gateway | |
eventBasedGateway < gateway | | instantiate:bool eventGatewayType:{Exclusive,Parallel}
complexGateway < gateway | activationCondition | default>sequenceFlow

activity < flowNode | ioSpecification property* dataInputAssociation* dataOutputAssociation* %resourceRole* %loopCharacteristics | isForCompensation:bool startQuantity:int completionQuantity:int default>sequenceFlow
task < activity | |
manualTask < task | |
userTask < task | rendering* | implementation
businessRuleTask < task | | implementation
scriptTask < task | script | scriptFormat
serviceTask < task | | implementation operationRef>operation
sendTask < task | | implementation messageRef>message operationRef>operation
receiveTask < task | | implementation instantiate:bool messageRef>message operationRef>operation
callActivity < activity | | calledElement
subProcess < activity | laneSet* %flowElement* %artifact* | triggeredByEvent:bool
transaction < subProcess | | method
adHocSubProcess < subProcess | completionCondition | cancelRemainingInstances:bool ordering:{Parallel,Sequential}
choreographyActivity < flowNode | participantRef>participant!* correlationKey* | initiatingParticipantRef>participant! loopType:{None,Standard,MultiInstanceSequential,MultiInstanceParallel}
choreographyTask < choreographyActivity | messageFlowRef>messageFlow!* |
subChoreography < choreographyActivity | %flowElement* %artifact* |
callChoreography < choreographyActivity | participantAssociation* | calledChoreographyRef>choreography/globalChoreographyTask
script | |
rendering < base | |

standardLoopCharacteristics < base | loopCondition | testBefore:bool loopMaximum:int
multiInstanceLoopCharacteristics < base | loopCardinality loopDataInputRef>dataInput/dataObject/dataObjectReference/property/dataStoreReference loopDataOutputRef>dataOutput/dataObject/dataObjectReference/property/dataStoreReference inputDataItem outputDataItem complexBehaviorDefinition* completionCondition | isSequential:bool behavior:{None,One,All,Complex} oneBehaviorEventRef>eventDefinition noneBehaviorEventRef>eventDefinition
complexBehaviorDefinition < base | condition! event |
ioSpecification < base | dataInput* dataOutput* inputSet!* outputSet!* |
ioBinding < base | | operationRef>operation! inputDataRef>any! outputDataRef>any!
dataInput < base | dataState | name itemSubjectRef~itemDefinition isCollection:bool
dataOutput < base | dataState | name itemSubjectRef~itemDefinition isCollection:bool
inputDataItem < dataInput | |
outputDataItem < dataOutput | |
property < base | dataState | name itemSubjectRef~itemDefinition
inputSet < base | dataInputRefs>dataInput* optionalInputRefs>dataInput* whileExecutingInputRefs>dataInput* outputSetRefs>outputSet* | name
outputSet < base | dataOutputRefs>dataOutput* optionalOutputRefs>dataOutput* whileExecutingOutputRefs>dataOutput* inputSetRefs>inputSet* | name
dataInputAssociation < base | sourceRef>any* targetRef>any! transformation assignment* |
dataOutputAssociation < dataInputAssociation | |
assignment < base | from! to! |
resourceRole < base | resourceRef>resource resourceParameterBinding* resourceAssignmentExpression | name
performer < resourceRole | |
humanPerformer < resourceRole | |
potentialOwner < resourceRole | |
resourceAssignmentExpression < base | expression formalExpression |
resourceParameterBinding < base | expression formalExpression | parameterRef~resourceParameter!
"""

# These hold text in some language; an element of one of these names may stand wherever a row names it.
EXPRESSIONS: Final = words(
    "conditionExpression condition timeDate timeDuration timeCycle loopCondition loopCardinality completionCondition "
    "activationCondition messagePath dataPath transformation from to expression formalExpression"
)

GROUPS: Final = {
    "rootElement": "category collaboration choreography globalConversation globalChoreographyTask correlationProperty "
    "dataStore endPoint error escalation %eventDefinition globalBusinessRuleTask globalManualTask globalScriptTask "
    "globalTask globalUserTask interface itemDefinition message partnerEntity partnerRole process resource signal",
    "flowElement": "%flowNode sequenceFlow dataObject dataObjectReference dataStoreReference",
    "flowNode": "%activity startEvent endEvent intermediateCatchEvent intermediateThrowEvent implicitThrowEvent "
    "boundaryEvent exclusiveGateway parallelGateway inclusiveGateway eventBasedGateway complexGateway "
    "choreographyTask subChoreography callChoreography",
    "activity": "task userTask manualTask serviceTask scriptTask businessRuleTask sendTask receiveTask callActivity "
    "subProcess transaction adHocSubProcess",
    "artifact": "association group textAnnotation",
    "conversationNode": "conversation subConversation callConversation",
    "eventDefinition": "messageEventDefinition timerEventDefinition signalEventDefinition errorEventDefinition "
    "escalationEventDefinition conditionalEventDefinition compensateEventDefinition cancelEventDefinition "
    "terminateEventDefinition linkEventDefinition",
    "resourceRole": "resourceRole performer humanPerformer potentialOwner",
    "loopCharacteristics": "standardLoopCharacteristics multiInstanceLoopCharacteristics",
}


@dataclass(frozen=True, slots=True)
class Place:
    """A child or an attribute of an element, as its row says."""

    name: str
    required: bool = False
    many: bool = False
    target: frozenset[str] = frozenset()
    soft: bool = False
    kind: str = ""
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """One element of the standard."""

    children: dict[str, Place] = field(default_factory=dict[str, Place])
    attributes: dict[str, Place] = field(default_factory=dict[str, Place])


_PLACE: Final = re.compile(
    r"(?P<name>%?\w+)(?:(?P<arrow>[>~])(?P<target>[\w/]+)|:(?P<kind>\{[^}]*\}|\w+))?(?P<marks>[!*]*)"
)


def members(group: str) -> frozenset[str]:
    """The element names of a group; a name that is no group stands for itself."""
    found: set[str] = set()
    pending = [group]
    while pending:
        name = pending.pop()
        if name in GROUPS:
            for member in GROUPS[name].split():
                if member.startswith("%"):
                    pending.append(member[1:])
                else:
                    found.add(member)
        else:
            found.add(name)
    return frozenset(found)


def _place(text: str) -> Place:
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    targets = [members(kind) for kind in (match["target"] or "").split("/") if kind]
    kind = match["kind"] or ""
    return Place(
        name=match["name"],
        required="!" in match["marks"],
        many="*" in match["marks"],
        target=frozenset().union(*targets),
        soft=match["arrow"] == "~",
        kind="word" if kind.startswith("{") else kind,
        words=frozenset(kind.strip("{}").split(",")) if kind.startswith("{") else frozenset(),
    )


def _entries() -> dict[str, Entry]:
    found: dict[str, Entry] = {name: Entry() for name in EXPRESSIONS | {"extensionElements"}}
    for row in filter(None, _TABLE.strip().splitlines()):
        if row.startswith("#"):
            continue
        head, inner, attributes = (part.strip() for part in row.split("|"))
        name, _, base = (part.strip() for part in head.partition("<"))
        inherited = found[base] if base else Entry()
        entry = Entry(dict(inherited.children), dict(inherited.attributes))
        for text in inner.split():
            place = _place(text)
            for member in members(place.name[1:]) if place.name.startswith("%") else (place.name,):
                entry.children[member] = place
        for text in attributes.split():
            entry.attributes[_place(text).name] = _place(text)
        found[name] = entry
    return found


VOCABULARY: Final = _entries()
# Every element that takes only a text with a reference, such as <incoming>.
REFERENCES: Final = frozenset(
    name for entry in VOCABULARY.values() for name, place in entry.children.items() if place.target
)
ABSTRACT: Final = words(
    "base expressionText callableElement conversationNode flowElement flowNode anyEvent catchEvent throwEvent gateway "
    "activity choreographyActivity"
)
