"""What the exchange says of a call: in every request, in status callbacks, and at the REST interface."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from sandbox.voice.call import Call

API = "2010-04-01"
_PLACES = ("City", "State", "Zip", "Country")
_SIP = {"busy": 486, "no-answer": 480, "canceled": 487}


def fields(account: str, call: Call) -> dict[str, str]:
    """The fields of every request about a call. Places stay empty outside of North America."""
    places = {f"{who}{what}": "" for who in ("From", "To", "Caller", "Called") for what in _PLACES}
    more = {"StirVerstat": "TN-Validation-Passed-C", "FromCountry": "VN"} if call.inbound else {}
    return {
        **places,
        "CallSid": call.sid,
        "AccountSid": account,
        "From": call.caller,
        "To": call.called,
        "Caller": call.caller,
        "Called": call.called,
        "CallStatus": call.status,
        "Direction": call.direction,
        "ApiVersion": API,
        **more,
    }


def progress(
    account: str, call: Call, event: str, sequence: int, now: datetime, failed_sip: int
) -> dict[str, str]:
    """A status callback. Seconds are in CallDuration, Duration has begun minutes."""
    told = {
        **fields(account, call),
        "Timestamp": format_datetime(now),
        "SequenceNumber": str(sequence),
        "CallbackSource": "call-progress-events",
    }
    if call.ended:
        sip = failed_sip if call.status == "failed" else _SIP.get(call.status, 200)
        told |= {"CallDuration": str(call.duration), "Duration": str(-(-call.duration // 60))}
        told["SipResponseCode"] = str(sip)
    elif event == "initiated":
        told["CallStatus"] = "initiated"
    return told


def resource(account: str, call: Call) -> dict[str, Any]:
    """A call as the REST interface shows it."""
    return {
        "sid": call.sid,
        "account_sid": account,
        "api_version": API,
        "from": call.caller,
        "to": call.called,
        "status": call.status,
        "direction": call.direction,
        "duration": str(call.duration) if call.ended else None,
        "uri": f"/{API}/Accounts/{account}/Calls/{call.sid}.json",
    }
