"""Names, mail addresses and postal addresses."""

import pytest

from procedures.places import load_places
from procedures.problem import Problem
from procedures.readers.addresses import Location, read_address
from procedures.readers.email import read_email
from procedures.readers.names import read_name

PLACES = load_places()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Nguyễn Văn A", "Nguyễn Văn A"),
        ("nguyen van a", "nguyen van a"),  # kept as typed: guessing capitals is guessing
        ("  Trần   Thị  B ", "Trần Thị B"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Y Bhăm", "Y Bhăm"),
        ("Tèo", "Tèo"),
        ("Jean-Luc O’Neill Jr.", "Jean-Luc O’Neill Jr."),
        ("Nguye\u0302\u0303n", "Nguyễn"),
        ("tôi tên là Lê Thị Tèn", "Lê Thị Tèn"),
        ("Họ và tên: Hồ A", "Hồ A"),
        ("ten toi la Ho Van Tenn", "Ho Van Tenn"),
        ("Toi", "Toi"),
    ],
)
def test_a_name_is_kept(typed: str, name: str) -> None:
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code", "values"),
    [
        ("", "required", {}),
        ("Nguyen Van 4", "name_digits", {}),
        ("A <b>", "name_characters", {"characters": "<>"}),
        ("...", "name_characters", {"characters": "..."}),
        ("A" * 101, "too_long", {"max": 100, "length": 101}),
    ],
)
def test_what_is_no_name(typed: str, code: str, values: dict[str, object]) -> None:
    found = read_name(typed)
    assert isinstance(found, Problem)
    assert (found.code, found.values) == (code, values)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("a@b.vn", "a@b.vn"),
        ("mail của tôi: Nguyen.A+x@Gmail.COM nhé", "Nguyen.A+x@gmail.com"),
        ("a @ b.com.vn", "a@b.com.vn"),
        ("<a_b@x-y.vn>", "a_b@x-y.vn"),
    ],
)
def test_a_mail_address_is_read(typed: str, address: str) -> None:
    assert read_email(typed) == address


@pytest.mark.parametrize(
    "typed", ["", "a@b", "@b.vn", "a..b@c.vn", "a@b.vn, c@d.vn", "a@@b.vn", "nguyễn@b.vn"]
)
def test_what_is_no_mail_address(typed: str) -> None:
    assert isinstance(read_email(typed), Problem)


# typed, ward, district of before, province of today, province as written
ADDRESSES = [
    (
        "12 Lê Lợi, phường Sài Gòn, TP.HCM",
        "phường Sài Gòn",
        "",
        "Thành phố Hồ Chí Minh",
        "Thành phố Hồ Chí Minh",
    ),
    (
        "12 Le Loi, p. Ben Nghe, quan 1, tp hcm",
        "p Ben Nghe",
        "quan 1",
        "Thành phố Hồ Chí Minh",
        "Thành phố Hồ Chí Minh",
    ),
    (
        "so 5 thon Dong xa Tan Lap huyen Vu Thu tinh Thai Binh",
        "xa Tan Lap",
        "huyen Vu Thu",
        "Hưng Yên",
        "Thái Bình",
    ),
    ("12 ngõ 4\nphường Láng\nHà Nội", "phường Láng", "", "Hà Nội", "Hà Nội"),
    ("đặc khu Phú Quốc, An Giang", "đặc khu Phú Quốc", "", "An Giang", "An Giang"),
    ("ấp 3 xã Mỹ Tho, Tiền Giang.", "xã Mỹ Tho", "", "Đồng Tháp", "Tiền Giang"),
    ("thị xã Sơn Tây, Hà Nội", "", "thị xã Sơn Tây", "Hà Nội", "Hà Nội"),
    ("P.5 Q.3 tphcm", "P 5", "Q 3", "Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
    ("tổ 7, xã Lơ Pang", "xã Lơ Pang", "", "", ""),
    (
        "phường Vũng Tàu, Bà Rịa - Vũng Tàu",
        "phường Vũng Tàu",
        "",
        "Thành phố Hồ Chí Minh",
        "Bà Rịa - Vũng Tàu",
    ),
    ("nhà đối diện chợ", "", "", "", ""),
]


@pytest.mark.parametrize(("typed", "ward", "district", "province", "former"), ADDRESSES)
def test_what_is_recognised_in_an_address(
    typed: str, ward: str, district: str, province: str, former: str
) -> None:
    found = read_address(typed, PLACES)
    assert isinstance(found, Location)
    assert (found.ward, found.district, found.province, found.former) == (ward, district, province, former)


def test_an_address_is_kept_as_typed_on_one_line() -> None:
    found = read_address(" 12 ngõ 4 \n phường Láng,\nHà Nội, ", PLACES)
    assert isinstance(found, Location)
    assert found.text == "12 ngõ 4, phường Láng, Hà Nội"


@pytest.mark.parametrize("typed", ["", "12", "123 456", "Láng", "?"])
def test_an_address_of_less_than_two_words_is_too_vague(typed: str) -> None:
    assert read_address(typed, PLACES) == Problem("address_too_vague", {})
