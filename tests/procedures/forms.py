"""A form with every kind of field and a condition behind a condition, for the tests."""

from typing import Any

from procedures.form import Form, read

ASK = {"default": "Câu hỏi?", "sms": "Cau hoi?"}

CONTENT: dict[str, Any] = {
    "code": "thu",
    "version": "1",
    "title": "Biểu mẫu thử",
    "fields": [
        {"name": "ho_ten", "kind": "name", "title": "Họ và tên", "ask": ASK, "media": {"ivr": "recorded"}},
        {"name": "ngay_sinh", "kind": "date", "title": "Ngày sinh", "ask": ASK, "max": "today"},
        {"name": "so_cccd", "kind": "identity", "title": "Số căn cước", "ask": ASK, "sensitive": True},
        {"name": "dien_thoai", "kind": "phone", "title": "Số điện thoại", "ask": ASK},
        {
            "name": "cach_nhan",
            "kind": "choice",
            "title": "Cách nhận kết quả",
            "ask": ASK,
            "choices": [
                {"value": "post", "label": "Qua bưu điện"},
                {"value": "counter", "label": "Tại quầy", "words": ["lên lấy"]},
            ],
        },
        {
            "name": "dia_chi",
            "kind": "address",
            "title": "Địa chỉ nhận",
            "ask": ASK,
            "only_if": [{"field": "cach_nhan", "value": "post"}],
        },
        {"name": "co_con", "kind": "yesno", "title": "Có con nhỏ", "ask": ASK},
        {
            "name": "so_con",
            "kind": "number",
            "title": "Số con",
            "ask": ASK,
            "min": 1,
            "max": 20,
            "only_if": [{"field": "co_con", "value": True}],
        },
        {
            "name": "dong_con",
            "kind": "yesno",
            "title": "Xin hỗ trợ đông con",
            "ask": ASK,
            "only_if": [{"field": "so_con", "op": "ge", "value": 3}],
        },
        {
            "name": "ngay_hen",
            "kind": "date",
            "title": "Ngày hẹn",
            "ask": ASK,
            "min": "today",
            "max": "today+30d",
        },
        {"name": "gio_hen", "kind": "time", "title": "Giờ hẹn", "ask": ASK, "min": "07:30", "max": "16:30"},
        {
            "name": "thu_nhap",
            "kind": "money",
            "title": "Thu nhập",
            "ask": ASK,
            "required": False,
            "min": 1000,
        },
        {"name": "thu_dien_tu", "kind": "email", "title": "Thư điện tử", "ask": ASK, "required": False},
        {
            "name": "ghi_chu",
            "kind": "long_text",
            "title": "Ghi chú",
            "ask": ASK,
            "required": False,
            "max": 50,
        },
        {
            "name": "giay_to",
            "kind": "file",
            "title": "Giấy tờ",
            "ask": ASK,
            "required": False,
            "accept": ["image", "pdf"],
            "max": 2,
        },
    ],
}


def form() -> Form:
    return read(CONTENT, "thu.yaml")


def broken(**change: Any) -> dict[str, Any]:
    """The content with its first field changed."""
    first = {**CONTENT["fields"][0], **change}
    return {**CONTENT, "fields": [first, *CONTENT["fields"][1:]]}
