# Khai sinh bằng tin nhắn: từng câu ngắn, sửa câu 2, sửa theo tên, gửi
@sms
Công dân: nop khai sinh
Một Cửa: Day la khai truoc; ong/ba mang ban chinh den quay
Một Cửa: (1/7)
Công dân: Nguyen Thi Minh An
Công dân: 31/2/2026
Một Cửa: Khong co ngay 31/2/2026 … vi du
Công dân: 5/3/2026
Một Cửa: 1. Nam
Công dân: nu
Công dân: 123
Một Cửa: 12 chu so
Công dân: 079190012345
Công dân: chua
Công dân: Benh vien Tu Du, TP.HCM
Một Cửa: (1)Nguyen Thi Minh An (2)05/03/2026 (3)Nu (4)*********345 … 1. Gui
Công dân: sua 2
Một Cửa: Bé sinh ngày nào
Công dân: 6/3/2026
Một Cửa: (2)06/03/2026
Công dân: sua ho ten
Công dân: Nguyen Minh Anh
Một Cửa: (1)Nguyen Minh Anh
Công dân: 1
Một Cửa: Ma tra cuu 482 193 0529, PIN 402817

# Một tin nhiều câu trả lời, cách nhau bằng dấu thăng
@sms
Công dân: nop khai sinh
Công dân: Nguyen Minh An#5/3/2026#nam#079190012345#chua#Benh vien Tu Du
Một Cửa: (1)Nguyen Minh An (2)05/03/2026 (3)Nam
Công dân: 1
Một Cửa: Da nhan Khai sinh

# Một tin nhiều câu, sai một câu: ghi phần đúng, hỏi lại phần sai
@sms
Công dân: nop khai sinh
Công dân: Nguyen Minh An#32/13/2026#nam
Một Cửa: Can tra loi lai: Ngay sinh cua be
Một Cửa: (2/7)

# Sửa câu làm câu khác thừa: bỏ và nói tên câu đã bỏ
@sms
Công dân: nop khai sinh
Công dân: Nguyen Minh An#5/3/2026#nam#079190012345#co#079088012345#Benh vien Tu Du
Một Cửa: (6)*********345
Công dân: sua 5
Công dân: chua
Một Cửa: khong con can nen da bo: So dinh danh cua cha
Một Cửa: Xem lai Khai sinh

# Quay lại câu trước, và ở câu đầu
@chat
Công dân: nop khai sinh
Công dân: quay lại
Một Cửa: Đây là câu đầu tiên … Họ, chữ đệm
Công dân: Nguyễn Thị Minh An
Công dân: quay lai
Một Cửa: Họ, chữ đệm và tên

# Câu không bắt buộc thì bỏ qua được, câu bắt buộc thì không
@chat
Công dân: nop phan anh
Công dân: 1
Công dân: bo qua
Một Cửa: Câu này cần có câu trả lời
Công dân: sáng nay tại quầy 3 tôi chờ hai giờ
Một Cửa: Gửi ảnh, nếu có … BO QUA
Công dân: bo qua
Một Cửa: muốn được trả lời không

# Giấy tờ gửi bằng ảnh, sai loại thì nói loại đúng
@chat
Công dân: nop phan anh
Công dân: [nút 1]
Công dân: sáng nay tại quầy 3 tôi chờ hai giờ
Công dân: [tệp a.exe application/x-dosexec]
Một Cửa: ảnh chụp hoặc tệp PDF
Công dân: [tệp a.jpg image/jpeg]
Một Cửa: Đã nhận 1 trên 5 tệp
Công dân: [tệp b.pdf application/pdf]
Một Cửa: Đã nhận 2 trên 5 tệp
Công dân: xong
Một Cửa: muốn được trả lời không
Công dân: không
Một Cửa: Hình ảnh: 2 tệp
Công dân: [nút 1]
Một Cửa: Đã nhận: Phản ánh, kiến nghị

# Ảnh gửi lúc chưa hỏi: không nhận bừa
@chat
Công dân: nop khai sinh
Công dân: [tệp a.jpg image/jpeg]
Một Cửa: chưa được lưu

# Dừng giữa chừng: hỏi dừng gì, bản khai không mất
@sms
Công dân: nop khai sinh
Công dân: Nguyen Thi Minh An
Công dân: DUNG
Một Cửa: dung viec gi … 1. Dung khai … 2. Khong nhan tin chung … 3. Khai tiep
Công dân: 1
Một Cửa: duoc giu 30 ngay
Công dân: tiep tuc
Một Cửa: Da co 1 cau tra loi

# Dừng rồi khai tiếp ngay
@sms
Công dân: nop khai sinh
Công dân: Nguyen Thi Minh An
Công dân: stop
Công dân: 3
Một Cửa: Bé sinh ngày nào

# Hủy thì hỏi lại, bỏ hẳn thì xóa
@sms
Công dân: nop khai sinh
Công dân: Nguyen Thi Minh An
Công dân: huy
Một Cửa: Bo han ban khai Khai sinh … 1. Khong
Công dân: 1
Một Cửa: Bé sinh ngày nào
Công dân: huy
Công dân: 3
Một Cửa: xoa ban khai
Công dân: tiep tuc
Một Cửa: Khong thay ban khai nao dang do

# Lưu để sau, về menu cũng không mất
@chat
Công dân: nop khai sinh
Công dân: Nguyễn Thị Minh An
Công dân: luu
Một Cửa: giữ 30 ngày
Công dân: khai tiep
Một Cửa: Đã có 1 câu trả lời
Công dân: menu
Một Cửa: Đã lưu bản khai Khai sinh … Ông/bà cần việc gì

# Nút cũ: nói nhẹ nhàng, hỏi lại câu đang mở, không ghi gì
@chat
Công dân: nop khai sinh
Công dân: Nguyễn Thị Minh An
Công dân: 5/3/2026
Công dân: [nút 2]
Công dân: [nút cũ]
Một Cửa: thuộc câu hỏi cũ … Số căn cước

# Bắt đầu bằng tin nhắn, xong trên web bằng mã dùng một lần
@sms
Công dân: nop khai sinh
Công dân: Nguyen Thi Minh An
Công dân: lam tren web
Một Cửa: tiep-tuc/4f9a1c … TIEP TUC 12345678
@web
Công dân: [mở liên kết 12345678]
Một Cửa: Đã có 1 câu trả lời … Bé sinh ngày nào
Công dân: 5/3/2026
Công dân: nam
@sms
Công dân: tiep tuc
Một Cửa: Da co 3 cau tra loi

# Bắt đầu trên chat, làm tiếp bằng tin nhắn với mã
@chat
Công dân: nop khai sinh
Công dân: Nguyễn Thị Minh An
Công dân: chuyển kênh
Một Cửa: TIEP TUC 12345678
@sms
Công dân: tiep tuc 12345678
Một Cửa: Khai tiep
Công dân: tiep tuc 12345678
Một Cửa: Lay ma moi tren kenh cu

# Ai đó vừa sửa bản khai ở nơi khác: không ghi đè
@web
Công dân: nop khai sinh
Công dân: Nguyễn Thị Minh An
@changed born_on=2026-03-05
Công dân: 6/3/2026
Một Cửa: vừa được sửa ở nơi khác … Bé là trai hay gái

# Gửi trùng: được hỏi trước
@sms
Công dân: nop khai sinh
Công dân: Nguyen Minh An#5/3/2026#nam#079190012345#chua#Benh vien Tu Du
Công dân: 1
Công dân: nop khai sinh
Công dân: Nguyen Minh An#5/3/2026#nam#079190012345#chua#Benh vien Tu Du
Công dân: 1
Một Cửa: da gui Khai sinh voi noi dung nay … 1. Gui them lan nua
Công dân: 2
Một Cửa: Da luu ban khai

# Tạm vắng qua điện thoại: ghi âm, bấm phím, đọc lại, gửi
@ivr
Công dân: [gọi đến]
Công dân: 3
Một Cửa: Khai báo tạm vắng, nhấn phím 2
Công dân: 2
Một Cửa: thông báo theo luật, không phải đến quầy … Sau tiếng bíp
Công dân: [ghi âm]
Công dân: 079190012345#
Một Cửa: 0 7 9, 1 9 0, 0 1 2, 3 4 5. Nếu đúng, nhấn phím 1
Công dân: 1
Công dân: 05122026
Một Cửa: ngày 5 tháng 12 năm 2026. Nếu đúng
Công dân: 2
Một Cửa: Đi vắng từ ngày nào
Công dân: 06122026
Công dân: 1
Công dân: [im lặng]
Một Cửa: chưa nghe thấy câu trả lời. Dự kiến về ngày nào
Công dân: 05032027
Công dân: 1
Công dân: 1
Một Cửa: đọc địa chỉ nơi đến
Công dân: [ghi âm]
Một Cửa: Ông bà đã khai xong … Để gửi, nhấn phím 1
Công dân: 1
Một Cửa: Đã nhận thông báo Khai báo tạm vắng … 4 8 2, 1 9 3, 0 5 2 9 … cũng đang được gửi bằng tin nhắn

# Điện thoại: quay lại câu trước bằng sao 7, phím cũ vẫn là câu trả lời
@ivr
Công dân: [gọi đến]
Công dân: 3
Công dân: 2
Công dân: [ghi âm]
Công dân: *7
Một Cửa: đọc họ tên người đi vắng

# Chưa biết nộp gì: danh sách có số; viết tên khác cũng hiểu
@sms
Công dân: nop ho so
Một Cửa: muốn nộp gì
Một Cửa: 1. Khai sinh
Công dân: tam vang
Một Cửa: thong bao theo luat

# Việc phải nộp trên Cổng quốc gia: nói thật
@chat
Công dân: phản ánh
Một Cửa: không phải thủ tục hành chính … Phản ánh về việc gì
