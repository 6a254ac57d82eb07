"""The numbers of SMPP 3.4 that the sandbox speaks: commands (§5.1.2.1), states (§5.1.3), tags (§5.3.2)."""


class Command:
    """command_id; a response is its request with the highest bit set."""

    GENERIC_NACK = 0x80000000
    RESPONSE = 0x80000000
    BIND_RECEIVER = 0x01
    BIND_TRANSMITTER = 0x02
    SUBMIT_SM = 0x04
    DELIVER_SM = 0x05
    UNBIND = 0x06
    BIND_TRANSCEIVER = 0x09
    ENQUIRE_LINK = 0x15
    DATA_SM = 0x103


_REQUESTS = {
    Command.BIND_RECEIVER: "bind_receiver",
    Command.BIND_TRANSMITTER: "bind_transmitter",
    Command.SUBMIT_SM: "submit_sm",
    Command.DELIVER_SM: "deliver_sm",
    Command.UNBIND: "unbind",
    Command.BIND_TRANSCEIVER: "bind_transceiver",
    Command.ENQUIRE_LINK: "enquire_link",
    Command.DATA_SM: "data_sm",
}
COMMANDS = _REQUESTS | {code | Command.RESPONSE: f"{name}_resp" for code, name in _REQUESTS.items()}
COMMANDS[Command.GENERIC_NACK] = "generic_nack"


class Status:
    """command_status, without the specification's prefix ESME_."""

    ROK = 0x00
    RINVMSGLEN = 0x01
    RINVCMDLEN = 0x02
    RINVCMDID = 0x03
    RINVBNDSTS = 0x04
    RALYBND = 0x05
    RSYSERR = 0x08
    RINVSRCADR = 0x0A
    RINVDSTADR = 0x0B
    RBINDFAIL = 0x0D
    RINVPASWD = 0x0E
    RINVSYSID = 0x0F
    RMSGQFUL = 0x14
    RINVSERTYP = 0x15
    RSUBMITFAIL = 0x45
    RINVSYSTYP = 0x53
    RTHROTTLED = 0x58
    RINVSCHED = 0x61
    RINVEXPIRY = 0x62
    RX_T_APPN = 0x64
    RX_P_APPN = 0x65
    RX_R_APPN = 0x66
    RINVOPTPARSTREAM = 0xC0
    RINVPARLEN = 0xC2
    RUNKNOWNERR = 0xFF
    VENDOR = 0x400


_STATUSES = {code: name for name, code in vars(Status).items() if not name.startswith("_")}


def status_name(status: int) -> str:
    """`ESME_ROK` and so on; the number in hex where the specification has no name for it."""
    name = _STATUSES.get(status)
    return f"0x{status:x}" if name is None or name == "VENDOR" else f"ESME_{name}"


class Tag:
    """Optional parameters that the sandbox reads or writes."""

    RECEIPTED_MESSAGE_ID = 0x001E
    SAR_MSG_REF_NUM = 0x020C
    SAR_TOTAL_SEGMENTS = 0x020E
    SAR_SEGMENT_SEQNUM = 0x020F
    SC_INTERFACE_VERSION = 0x0210
    NETWORK_ERROR_CODE = 0x0423
    MESSAGE_PAYLOAD = 0x0424
    MESSAGE_STATE = 0x0427

    @staticmethod
    def name_of(tag: int) -> str:
        return _TAGS.get(tag, f"0x{tag:04x}")


_TAGS = {code: name.lower() for name, code in vars(Tag).items() if isinstance(code, int)}
