"""The summary that is confirmed before filing: numbered rows, so that "sua 3" means the third."""

from dataclasses import dataclass

from procedures.form import Answers, Form, visible
from procedures.form_reading import shown
from procedures.problem import JSON


@dataclass(frozen=True)
class Row:
    """One line. ``display`` is empty where nothing is answered; sensitive answers come masked if wanted."""

    number: int
    name: str
    title: str
    kind: str
    value: JSON
    display: str
    sensitive: bool


def summary(form: Form, answers: Answers, masked: bool = False) -> tuple[Row, ...]:
    """All questions that these answers call for, with the numbers that ``form.find_field`` understands."""
    return tuple(
        Row(
            number=number,
            name=field.name,
            title=field.title,
            kind=field.kind.value,
            value=None if masked and field.sensitive else answers.get(field.name),
            display=shown(field, answers.get(field.name), masked),
            sensitive=field.sensitive,
        )
        for number, field in enumerate(visible(form, answers), start=1)
    )
