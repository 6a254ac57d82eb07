# Gọi đến: chào ngắn, bốn việc, phím 0 và phím sao
@ivr
Công dân: [gọi đến]
Một Cửa: Xin chào, đây là Ủy ban nhân dân phường Bến Nghé … Để tra cứu hồ sơ, nhấn phím 1 … Gặp cán bộ, nhấn phím 0. Nghe lại, nhấn phím sao

# Nhắn chào: menu có số
@sms
Công dân: xin chao
Một Cửa: UBND phường Bến Nghé … 1. Tra cuu ho so … 4. Gap can bo

# Mở trang chat ngoài giờ: được báo là ngoài giờ
@chat
@office closed
Công dân: [gọi đến]
Một Cửa: ngoài giờ làm việc … Ông/bà cần việc gì

# Số không có trong menu: mời chọn lại, không đoán
@sms
Công dân: menu
Công dân: 9
Một Cửa: Moi ong/ba chon so

# Im lặng trên điện thoại: mời chọn lại; bấm phím 4 nghe giờ làm việc
@ivr
Công dân: [gọi đến]
Công dân: [im lặng]
Một Cửa: chưa nghe thấy phím nào … nhấn phím 1
Công dân: 4
Một Cửa: địa chỉ 45 Lê Lợi … sáng từ 7 giờ 30 … Hiện cơ quan đang mở cửa

# Cuộc gọi bị cắt khi đang khai: gọi lại thì khai tiếp đúng chỗ
@ivr
Công dân: [gọi đến]
Công dân: 3
Công dân: 2
Công dân: [ghi âm]
Một Cửa: mười hai số căn cước
Công dân: [gác máy]
Một Cửa: (im lặng)
@after 5m
Công dân: [gọi đến]
Một Cửa: đang khai dở Khai báo tạm vắng … Để khai tiếp, nhấn phím 1
Công dân: 1
Một Cửa: Khai tiếp Khai báo tạm vắng. Đã có 1 câu trả lời … mười hai số căn cước

# Gọi lại nhưng làm việc khác
@ivr
Công dân: [gọi đến]
Công dân: 3
Công dân: 2
Công dân: [gác máy]
Công dân: [gọi đến]
Công dân: 2
Một Cửa: Để tra cứu hồ sơ, nhấn phím 1

# Nhắn lại sau hơn 24 giờ: được nhắc đang khai dở
@sms
Công dân: nop khai sinh
Công dân: Nguyen Thi Minh An
@after 25h
Công dân: 5/3/2026
Một Cửa: dang khai do Khai sinh … 1. Khai tiep … 2. Viec khac
Công dân: 1
Một Cửa: Da co 1 cau tra loi
Một Cửa: Bé sinh ngày nào

# Trong 24 giờ thì tin nhắn vẫn là câu trả lời
@sms
Công dân: nop khai sinh
Công dân: Nguyen Thi Minh An
@after 23h
Công dân: 5/3/2026
Một Cửa: (3/7)

# Chat nguội sau 30 phút: được nhắc chỗ dừng
@chat
Công dân: nop khai sinh
Công dân: Nguyễn Thị Minh An
@after 31m
Công dân: 5/3/2026
Một Cửa: đang khai dở Khai sinh

# Đường dẫn đã dùng: nói thật, vẫn có menu
@chat
Công dân: [mở liên kết 99999999]
Một Cửa: đã dùng rồi hoặc hết hạn … Ông/bà cần việc gì
