"""What may stand in a TwiML document: elements, attributes and their values, and what holds what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from sandbox.voice.faults import Code, Fault

_ANY, _URL = r"(?s:.*)", r"\S*"
_METHOD, _FLAG = "GET|POST", "true|false"
_COUNT, _SECONDS = r"[1-9][0-9]{0,4}", r"[0-9]{1,5}"
_LANGUAGE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?-[A-Z0-9]{2,3}"
_VOICE = r"man|woman|alice|(Polly|Google|ElevenLabs)\.[A-Za-z0-9-]+"
_KEYS = r"[0-9*#]*"
_TIME = r"([0-9]{1,5}ms|[0-9](\.[0-9]+)?s|10s)"
_PERCENT = r"[0-9]{1,3}%"

# element -> attribute -> what it may hold. Nothing else may stand there.
ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "Say": {"voice": _VOICE, "language": _LANGUAGE, "loop": _SECONDS},
    "Play": {"loop": _SECONDS, "digits": r"[0-9*#wW]+"},
    "Pause": {"length": _SECONDS},
    "Gather": {
        "input": "dtmf|speech|dtmf speech|speech dtmf",
        "action": _URL,
        "method": _METHOD,
        "timeout": rf"auto|{_COUNT}",
        "finishOnKey": "[0-9*#]?",
        "numDigits": _COUNT,
        "actionOnEmptyResult": _FLAG,
        "bargeIn": _FLAG,
        "language": _LANGUAGE,
        "hints": _ANY,
        "profanityFilter": _FLAG,
        "speechTimeout": rf"auto|{_COUNT}",
        "speechModel": "[a-z0-9_-]+",
        "enhanced": _FLAG,
        "partialResultCallback": _URL,
        "partialResultCallbackMethod": _METHOD,
        "debug": _FLAG,
    },
    "Record": {
        "action": _URL,
        "method": _METHOD,
        "timeout": _COUNT,
        "finishOnKey": _KEYS,
        "maxLength": _COUNT,
        "playBeep": _FLAG,
        "trim": "trim-silence|do-not-trim",
        "recordingStatusCallback": _URL,
        "recordingStatusCallbackMethod": _METHOD,
        "recordingStatusCallbackEvent": "[a-z -]+",
        "transcribe": _FLAG,
        "transcribeCallback": _URL,
    },
    "Redirect": {"method": _METHOD},
    "Dial": {
        "action": _URL,
        "method": _METHOD,
        "timeout": _COUNT,
        "callerId": r"\+?[0-9*#]+",
        "answerOnBridge": _FLAG,
        "hangupOnStar": _FLAG,
        "timeLimit": _COUNT,
        "record": "[a-z-]+",
        "sequential": _FLAG,
    },
    "Number": {
        "url": _URL,
        "method": _METHOD,
        "sendDigits": r"[0-9*#wW]+",
        "statusCallback": _URL,
        "statusCallbackEvent": "[a-z -]+",
        "statusCallbackMethod": _METHOD,
    },
    "Enqueue": {
        "action": _URL,
        "method": _METHOD,
        "waitUrl": _URL,
        "waitUrlMethod": _METHOD,
        "workflowSid": "WW[0-9a-f]{32}",
    },
    "Leave": {},
    "Hangup": {},
    "Reject": {"reason": "rejected|busy"},
    # SSML within Say
    "break": {"strength": "none|x-weak|weak|medium|strong|x-strong", "time": _TIME},
    "emphasis": {"level": "strong|moderate|reduced"},
    "lang": {"{http://www.w3.org/XML/1998/namespace}lang": _LANGUAGE},
    "p": {},
    "s": {},
    "w": {"role": _ANY},
    "phoneme": {"alphabet": "ipa|x-sampa", "ph": _ANY},
    "prosody": {
        "rate": rf"x-slow|slow|medium|fast|x-fast|default|{_PERCENT}",
        "pitch": _ANY,
        "volume": _ANY,
    },
    "say-as": {"interpret-as": "[a-z-]+", "role": _ANY},
    "sub": {"alias": _ANY},
}
_SSML = frozenset(ATTRIBUTES) - {name for name in ATTRIBUTES if name[0].isupper()}
CHILDREN: Mapping[str, frozenset[str]] = {
    "Response": frozenset(
        (
            "Say",
            "Play",
            "Pause",
            "Gather",
            "Record",
            "Redirect",
            "Dial",
            "Enqueue",
            "Leave",
            "Hangup",
            "Reject",
        )
    ),
    "Gather": frozenset({"Say", "Play", "Pause"}),
    "Dial": frozenset({"Number"}),
    "Say": _SSML,
    **dict.fromkeys(_SSML - {"break", "sub", "phoneme", "say-as"}, _SSML),
}
_BARE = frozenset({"Response", "Gather", "Pause", "Hangup", "Reject", "Leave", "Record"})  # hold no text


def check(element: Element) -> None:
    """Raise `Fault` for the first thing that the manual does not know."""
    known = ATTRIBUTES.get(element.tag, {})
    for name, value in element.attrib.items():
        if name not in known:
            raise Fault(Code.NOT_TWIML, f"<{element.tag}> has no attribute {name}")
        if not re.fullmatch(known[name], value):
            raise Fault(Code.NOT_TWIML, f"<{element.tag} {name}={value!r}>")
    if element.tag in _BARE and (element.text or "").strip():
        raise Fault(Code.NOT_TWIML, f"text directly in <{element.tag}>")
    for child in element:
        if child.tag not in CHILDREN.get(element.tag, frozenset()):
            raise Fault(Code.NOT_TWIML, f"<{child.tag}> in <{element.tag}>")
        if element.tag in _BARE and (child.tail or "").strip():
            raise Fault(Code.NOT_TWIML, f"text directly in <{element.tag}>")
        check(child)
    _agree(element)


def _agree(element: Element) -> None:
    """A voice speaks its own language: another one would be read with the wrong sounds."""
    if element.tag != "Say":
        return
    voice, language = element.get("voice", ""), element.get("language", "")
    own = re.match(r"Google\.([a-z]{2,3}-[A-Z]{2})-", voice)
    if own and language and own[1] != language:
        raise Fault(Code.NOT_TWIML, f"voice {voice} cannot speak {language}")
