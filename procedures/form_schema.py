"""A form as JSON Schema 2020-12: what other systems check answers with. Conditions become if/then/else."""

from typing import Any

from procedures.form import Form
from procedures.form_field import TEXTS, Condition, Field, Kind, Op
from procedures.form_limits import DEFAULT_LENGTH

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_RECORDING = {"type": "object", "properties": {"recording": {"type": "string"}}, "required": ["recording"]}
_FILE = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


def to_json_schema(form: Form) -> dict[str, Any]:
    """The schema of a complete filing. Relative dates are beyond JSON Schema and left out."""
    always = [field.name for field in form.fields if field.required and not field.only_if]
    rules = [_rule(field) for field in form.fields if field.only_if]
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "$id": f"urn:form:{form.code}:{form.version}",
        "title": form.title,
        "type": "object",
        "properties": {field.name: _property(field) for field in form.fields},
        "required": always,
        "additionalProperties": False,
    }
    return {**schema, "allOf": rules} if rules else schema


def _property(field: Field) -> dict[str, Any]:
    shape = _shape(field)
    if any(how == "recorded" for how in field.media.values()) and field.kind in TEXTS:
        shape = {"anyOf": [shape, _RECORDING]}
    if not field.required:
        shape = {"anyOf": [shape, {"type": "null"}]}
    return {"title": field.title, **shape}


def _shape(field: Field) -> dict[str, Any]:
    match field.kind:
        case Kind.CHOICE:
            return {"enum": [choice.value for choice in field.choices]}
        case Kind.YESNO:
            return {"type": "boolean"}
        case Kind.NUMBER | Kind.MONEY:
            whole = field.whole or field.kind is Kind.MONEY
            return {"type": "integer" if whole else "number", **_between(field, "minimum", "maximum")}
        case Kind.FILE:
            return {"type": "array", "items": _FILE, "minItems": 1, "maxItems": int(field.max or 1)}
        case Kind.DATE:
            return {"type": "string", "format": "date"}
        case Kind.TIME:
            return {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
        case Kind.EMAIL:
            return {"type": "string", "format": "email"}
        case Kind.PHONE:
            return {"type": "string", "pattern": "^\\+84[0-9]{9,10}$"}
        case Kind.IDENTITY:
            return {"type": "string", "pattern": "^([0-9]{9}|[0-9]{12})$"}
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": DEFAULT_LENGTH[field.kind],
        **_between(field, "minLength", "maxLength"),
    }


def _between(field: Field, low: str, high: str) -> dict[str, Any]:
    return {key: limit for key, limit in ((low, field.min), (high, field.max)) if limit is not None}


def _rule(field: Field) -> dict[str, Any]:
    """If all conditions hold the field may (or must) be there, else it must not."""
    rule: dict[str, Any] = {
        "if": {"allOf": [_condition(condition) for condition in field.only_if]},
        "else": {"not": {"required": [field.name]}},
    }
    return {**rule, "then": {"required": [field.name]}} if field.required else rule


def _condition(condition: Condition) -> dict[str, Any]:
    there = {"required": [condition.field]}
    match condition.op:
        case Op.ANSWERED | Op.UNANSWERED:
            given = {**there, "properties": {condition.field: {"not": {"type": "null"}}}}
            return given if condition.op is Op.ANSWERED else {"not": given}
        case Op.EQ:
            test: dict[str, Any] = {"const": condition.value}
        case Op.NE:
            test = {"not": {"enum": [condition.value, None]}}
        case Op.IN:
            test = {"enum": condition.value}
        case Op.NOT_IN:
            test = {"not": {"enum": [*condition.value, None]}}
        case _:
            test = {_COMPARISONS[condition.op]: condition.value, "type": "number"}
    return {**there, "properties": {condition.field: test}}


_COMPARISONS = {
    Op.LT: "exclusiveMaximum",
    Op.LE: "maximum",
    Op.GT: "exclusiveMinimum",
    Op.GE: "minimum",
}
