# Mã tra cứu 10 số: trạng thái, ngày hẹn, nơi nhận; không tên thủ tục
@sms
Công dân: 4821930529
Một Cửa: HS 482 193 0529: Dang xu ly. Hen tra: 26/11/2026. Noi nhan … 1. Bao cho toi

# Mã viết cách, có chữ đi kèm
@sms
Công dân: cho toi hoi ho so 482 193 0529 den dau roi
Một Cửa: HS 482 193 0529: Dang xu ly

# Cú pháp đầu số ngắn: từ khóa, mã, mã PIN, không dấu, chữ thường
@sms
Công dân: HCC TC h26.18-261102-0007 402817
Một Cửa: HS 482 193 0529: Dang xu ly. Khai sinh

# Từ khóa dính liền với mã
@sms
Công dân: HCCH26.18-261102-0007 402817
Một Cửa: Dang xu ly. Khai sinh

# Mã viết liền không dấu chấm, gạch
@sms
Công dân: tc h26182611020007 402817
Một Cửa: Dang xu ly

# Mã chính thức không có PIN: hỏi PIN, không nói gì về hồ sơ
@sms
Công dân: H26.18-261103-0011
Một Cửa: ma PIN 6 so
Công dân: 551903
Một Cửa: Can bo sung giay to … Giay xac nhan tinh trang hon nhan

# Mã chính thức không có thật cũng hỏi PIN, rồi trả lời như khi sai PIN
@sms
Công dân: H26.18-260101-9999
Một Cửa: ma PIN 6 so
Công dân: 551903
Một Cửa: Khong thay ho so khop voi ma hoac ma PIN vua nhap
Công dân: H26.18-261103-0011 111111
Một Cửa: Khong thay ho so khop voi ma hoac ma PIN vua nhap

# Nhiều mã trong một tin
@sms
Công dân: TC 4821930529 2960047151
Một Cửa: HS 482 193 0529: Dang xu ly … HS 296 004 7151: Da co ket qua … 1. … 2.
Công dân: 2
Một Cửa: HS 296 004 7151: Da co ket qua

# Hai mã, một mã không có
@sms
Công dân: TC H26.18-261102-0007 H26.18-260101-9999 402817
Một Cửa: HS 482 193 0529 … Khong thay: H26.18-260101-9999

# Nhầm một chữ số: mã chưa đúng, không tính là dò mã
@sms
Công dân: TC
Một Cửa: ma 10 so tren giay tiep nhan
Công dân: 4821930528
Một Cửa: Ma chua dung
Công dân: 4821930529
Một Cửa: Dang xu ly

# Sai nhiều lần: phải chờ, rồi có cán bộ
@sms
Công dân: H26.18-261103-0011 111111
Công dân: menu
Công dân: H26.18-261103-0011 111112
Công dân: menu
Công dân: H26.18-261103-0011 111113
Công dân: menu
Công dân: H26.18-261103-0011 111114
Công dân: menu
Công dân: H26.18-261103-0011 111115
Công dân: menu
Công dân: H26.18-261103-0011 551903
Một Cửa: thu lai sau 15 phut

# Điện thoại: bấm mã, đọc lại từng số, đúng thì nghe; nhận bằng tin nhắn
@ivr
Công dân: [gọi đến]
Công dân: 1
Một Cửa: 10 chữ số … bấm phím thăng
Công dân: 4821930529#
Một Cửa: 4 8 2, 1 9 3, 0 5 2 9. Nếu đúng, nhấn phím 1. Nếu sai và muốn bấm lại, nhấn phím 2
Công dân: 2
Một Cửa: bấm lại 10 chữ số
Công dân: 482*193*0529
Một Cửa: 4 8 2, 1 9 3, 0 5 2 9
Công dân: 1
Một Cửa: Đang xử lý … Hẹn trả kết quả ngày 26 tháng 11 năm 2026 … nhận nội dung này bằng tin nhắn, nhấn phím 1
Công dân: 1
Một Cửa: Tin nhắn đang được gửi

# Điện thoại: sai chữ số kiểm tra thì báo ngay, không đọc hồ sơ của ai
@ivr
Công dân: [gọi đến]
Công dân: 1
Công dân: 4821930592
Một Cửa: Mã chưa đúng … Gặp cán bộ, nhấn phím 0

# Điện thoại: bấm mã chính thức bằng số, rồi mã PIN
@ivr
Công dân: [gọi đến]
Công dân: 1
Công dân: 26*18*261102*0007
Một Cửa: Ông bà vừa bấm
Công dân: 1
Một Cửa: mã PIN 6 chữ số
Công dân: 402817
Một Cửa: Thủ tục: Khai sinh

# Điện thoại: giữa lúc bấm mã vẫn gặp được cán bộ bằng phím 0, nghe lại bằng phím sao
@ivr
Công dân: [gọi đến]
Công dân: 1
Công dân: *
Một Cửa: Mời bấm mã tra cứu gồm 10 chữ số
Công dân: 0
Một Cửa: nối máy với cán bộ

# Hồ sơ của tôi: số đã xác minh thì thấy ngay
@sms
@proven
Công dân: ho so toi toi dau
Một Cửa: HS 482 193 0529 … HS 730 551 8238 … HS 296 004 7151
Công dân: 2
Một Cửa: Can bo sung giay to … Can cuoc cua ben nu

# Hồ sơ của tôi: số lạ thì mời nhắn mã
@sms
Công dân: hồ sơ tôi tới đâu
Một Cửa: Khong thay ho so nao gan voi so nay

# Theo dõi: có PIN thì được ngay, không có PIN thì hỏi người nộp
@sms
Công dân: theo doi 4821930529 402817
Một Cửa: se duoc bao khi ho so 482 193 0529 co thay doi
Công dân: bo theo doi 4821930529
Một Cửa: khong con nhan tin
Công dân: 7305518238
Công dân: 1
Một Cửa: Da hoi y kien nguoi nop

# Theo dõi mà chưa nói hồ sơ nào
@chat
Công dân: theo dõi
Một Cửa: hồ sơ nào
Công dân: gi co
Một Cửa: mã tra cứu 10 chữ số
Công dân: 4821930529 402817
Một Cửa: sẽ được báo

# Người nộp trả lời yêu cầu theo dõi
@sms
Công dân: dong y K7Q2MD
Một Cửa: Nguoi xin theo doi se duoc bao tin
Công dân: khong dong y XXXXXX
Một Cửa: Khong thay yeu cau theo doi nao

# Từ khóa và một mã gõ nhầm: nói rõ mã chưa đúng, và nhận lại mã đúng
@sms
Công dân: HCC TC 4821930528
Một Cửa: Ma chua dung … 10 so
Công dân: 4821930529
Một Cửa: HS 482 193 0529: Dang xu ly

# Mười chữ số gõ nhầm, không có từ khóa
@sms
Công dân: 482 193 0528
Một Cửa: Ma chua dung

# Từ khóa và một mã thiếu số: mời nhắn mã, có ví dụ
@sms
Công dân: TC 123
Một Cửa: Moi nhan ma ho so, VD

# Từ khóa đầu số ngắn đứng một mình: các việc có thể làm
@sms
Công dân: HCC
Một Cửa: Ong/ba can viec gi

# Một mã nhắn hai lần trong một tin là một hồ sơ
@sms
Công dân: TC 4821930529 4821930529
Một Cửa: HS 482 193 0529: Dang xu ly. Hen tra
