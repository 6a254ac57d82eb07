# Hỏi giấy tờ bằng lời, không dấu
@sms
Công dân: khai sinh can giay to gi
Một Cửa: Giay to cho Khai sinh … 1. … Le phi

# Hỏi tiếp lệ phí, không nhắc lại thủ tục: miễn giảm không bị bỏ
@chat
Công dân: làm giấy khai sinh cho con
Một Cửa: Đăng ký khai sinh … Thời hạn … Nguồn:
Công dân: le phi bao nhieu
Một Cửa: Khai sinh … Lệ phí … Miễn, giảm:
Công dân: bao lau thi xong
Một Cửa: Khai sinh … ngày làm việc
Công dân: nop o dau
Một Cửa: Nơi nộp … Cách nộp: tại quầy

# Nhiều thủ tục giống nhau: ba lựa chọn có số
@sms
Công dân: ket hon
Một Cửa: 1. Ket hon … 2. … 3. … 4. Thu tuc khac
Công dân: 4
Một Cửa: ten viec can lam
Công dân: ket hon
Công dân: 1
Một Cửa: Ket hon. Thoi han

# Không biết thì nói không biết, chỉ chỗ hỏi
@sms
Công dân: mua ve so o dau
Một Cửa: Toi chua biet viec nay … 028 3822 0000

# Ba lần không hiểu: cán bộ được báo
@sms
Công dân: abc xyz
Công dân: xyz abc
Công dân: qwe rty
Một Cửa: toi chua hieu. Can bo da duoc bao

# Điện thoại: chọn thủ tục bằng phím, nghe giấy tờ, lệ phí
@ivr
Công dân: [gọi đến]
Công dân: 2
Một Cửa: Khai sinh, nhấn phím 2 … Để hỏi thủ tục khác, nhấn phím 4
Công dân: 2
Một Cửa: Khai sinh. Thời hạn … Để nghe giấy tờ cần có, nhấn phím 1
Công dân: 1
Một Cửa: Cần các giấy tờ sau. 1:

# Từ thông tin thủ tục sang khai ngay
@chat
Công dân: khai sinh
Công dân: [nút 4]
Một Cửa: khai trước … mang bản chính … Họ, chữ đệm và tên

# Giờ làm việc
@sms
Công dân: gio lam viec
Một Cửa: 45 Le Loi … 7:30-11:30

# Đang được hỏi mã mà hỏi việc khác: trả lời việc khác
@sms
Công dân: TC
Công dân: khai sinh can giay to gi
Một Cửa: Giay to cho Khai sinh
Công dân: TC
Công dân: abc xyz
Một Cửa: Moi nhan ma ho so

# Chưa hiểu câu hỏi mà nhắn "nộp": vẫn là nộp
@sms
Công dân: mua ve so o dau
Công dân: nop khai sinh
Một Cửa: Day la khai truoc

# Xin gặp cán bộ bằng lời thường
@sms
Công dân: tôi muốn gặp cán bộ
Một Cửa: Da bao can bo, truoc ong/ba con 2 nguoi
