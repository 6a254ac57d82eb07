# Trợ giúp nói theo chỗ đang đứng và hỏi lại câu đang mở
@chat
Công dân: nop khai sinh
Công dân: tro giup
Một Cửa: SUA 3 sửa câu 3 … Họ, chữ đệm
Công dân: menu
Công dân: ?
Một Cửa: gửi mã hồ sơ để biết

# Đổi tiếng Anh giữa chừng rồi đổi lại
@chat
Công dân: tra cuu
Công dân: english
Một Cửa: From now on in English … 10-digit code
Công dân: 4821930529
Một Cửa: Dossier 482 193 0529: Being processed
Công dân: tieng viet
Một Cửa: Từ đây dùng tiếng Việt … Đang xử lý

# Phím 9 trên điện thoại
@ivr
Công dân: [gọi đến]
Công dân: 9
Một Cửa: From now on in English … To ask about a dossier, press 1 … For an officer, press 0

# Nghe lại và nói chậm hơn
@ivr
Công dân: [gọi đến]
Công dân: *
Một Cửa: Để tra cứu hồ sơ, nhấn phím 1
Công dân: 6
Một Cửa: Để tra cứu hồ sơ, nhấn phím 1

# Cán bộ trong giờ: nối máy; không ai nghe thì nhắn lại hoặc gọi lại
@ivr
Công dân: [gọi đến]
Công dân: 0
Một Cửa: Tôi đang nối máy với cán bộ. Trước ông bà còn 2 người
Công dân: [im lặng]
Một Cửa: chưa có cán bộ nghe máy. Để lại lời nhắn, nhấn phím 1
Công dân: 2
Một Cửa: gọi lại vào số này

# Cán bộ ngoài giờ: nói giờ mở cửa, ghi lời nhắn
@ivr
@office closed
Công dân: [gọi đến]
Công dân: 0
Một Cửa: ngoài giờ làm việc … Mở lại lúc 7 giờ 30, ngày 24 tháng 11 năm 2026 … Để lại lời nhắn, nhấn phím 1
Công dân: 1
Một Cửa: được ghi âm … sau tiếng bíp
Công dân: [ghi âm]
Một Cửa: gọi lại cho ông bà. Xin cảm ơn

# Cán bộ qua tin nhắn
@sms
@office closed
Công dân: gap can bo
Một Cửa: 07:30, 24/11/2026
Công dân: toi mat giay hen
Một Cửa: Đã chuyển thêm cho cán bộ

# Ba lần không bấm trên điện thoại: sang cán bộ, không gác máy
@ivr
Công dân: [gọi đến]
Công dân: [im lặng]
Công dân: [im lặng]
Công dân: [im lặng]
Một Cửa: nối máy với cán bộ

# Cán bộ đang giữ cuộc trò chuyện: máy im; sau 30 phút máy trở lại; dừng vẫn luôn được
@chat
Công dân: menu
@held
Công dân: khai sinh
Một Cửa: (im lặng)
Công dân: dung
Một Cửa: sẽ không nhận tin chung nữa
@held
@after 31m
Công dân: khai sinh
Một Cửa: Đăng ký khai sinh

# Quá nhiều tin giống nhau: báo một lần rồi im một giờ
@sms
Công dân: [19 lần: chao]
Một Cửa: UBND
Công dân: chao
Một Cửa: tam nghi 1 gio
Công dân: chao
Một Cửa: (im lặng)
Công dân: 4821930529
Một Cửa: (im lặng)
@after 61m
Công dân: 4821930529
Một Cửa: Dang xu ly

# Dừng, dừng tất cả, bật lại; TC là tra cứu chứ không phải từ chối
@sms
Công dân: DUNG
Một Cửa: se khong nhan tin chung nua. Tin ve ho so cua ong/ba van gui
Công dân: dung tat ca
Một Cửa: ca tin ve ho so
Công dân: bat lai
Một Cửa: nhan tin tro lai
Công dân: TC
Một Cửa: Nhan ma ho so

# "Đúng" có dấu không phải là "dừng"
@chat
Công dân: đúng
Một Cửa: chưa có thông tin về việc này

# Xác minh số điện thoại bằng mã một lần
@chat
Công dân: lien ket 0912345678
Một Cửa: mã xác nhận 6 chữ số
Công dân: 111111
Một Cửa: mã chưa đúng hoặc đã hết hạn
Công dân: 246810
Một Cửa: Đã xác nhận số điện thoại
Công dân: ho so cua toi
Một Cửa: 482 193 0529

# Chia sẻ số bằng nút của ứng dụng
@chat
Công dân: lien ket
Một Cửa: số điện thoại
Công dân: [chia sẻ số]
Một Cửa: Đã xác nhận số điện thoại

# Hết lượt gửi mã
@chat
@busy
Công dân: lien ket 0912345678
Một Cửa: thử lại sau 1 giờ

# Cảm ơn
@sms
Công dân: cam on
Một Cửa: Khong co gi

# Cảm ơn giữa lúc khai: câu đang mở được hỏi lại
@chat
Công dân: nop khai sinh
Công dân: cảm ơn
Một Cửa: chưa gửi … Họ, chữ đệm

# Không ai nghe máy mà người gọi cũng im: hẹn gọi lại rồi chào, không vòng thứ tư
@ivr
Công dân: [gọi đến]
Công dân: 0
Công dân: [im lặng]
Một Cửa: Để lại lời nhắn, nhấn phím 1
Công dân: [im lặng]
Một Cửa: Để lại lời nhắn, nhấn phím 1
Công dân: [im lặng]
Một Cửa: sẽ gọi lại vào số này … chào ông bà

# Việc khác trong danh sách dài: chỉ bằng phím cũng tới được
@ivr
Công dân: [gọi đến]
Công dân: 3
Một Cửa: Phản ánh, kiến nghị, nhấn phím 3. Để nghe việc khác, nhấn phím 4
Công dân: 4
Một Cửa: Đặt lịch hẹn, nhấn phím 1

# Hỏi bằng lời bắt đầu bằng chữ "nộp": là câu hỏi, không phải nộp
@sms
Công dân: nop o dau
Một Cửa: Toi chua biet viec nay

# Bấm số điện thoại để xác minh, qua điện thoại
@ivr
Công dân: [gọi đến]
Công dân: liên kết
Một Cửa: bấm số điện thoại
Công dân: 0912345678
Một Cửa: ba số cuối 6 7 8
Công dân: 246810
Một Cửa: Đã xác nhận
