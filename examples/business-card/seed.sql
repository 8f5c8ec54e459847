-- Two companies to look at: made when there is none and WeChat is simulated. Passwords are set at the start. Prices in fen.
INSERT INTO "companies" ("name", "address") VALUES
	('合众康桥', '北京市海淀区中关村大街 1 号'),
	('远山设计', '上海市徐汇区衡山路 8 号');
INSERT INTO "staff" ("company_id", "login", "password_hash", "is_admin", "username", "avatar", "position", "email", "wechat", "mingpian_phone", "sign") VALUES
	(1, 'zhangju', '', true, '张炬', 'statics/imgs/zhangju.svg', '技术经理', 'zhangju@example.com', 'zhangju-wx', '18511123918', '把复杂的事情做简单'),
	(1, 'zhangcong', '', false, '张聪', 'statics/imgs/zhangcong.svg', '客户经理', 'zhangcong@example.com', 'zhangcong-wx', '15931788975', '有问题随时找我'),
	(2, 'linyuan', '', true, '林远', 'statics/imgs/setAvator.svg', '设计总监', 'linyuan@example.com', 'linyuan-wx', '13900001111', '好设计是少的设计');
INSERT INTO "staff_photos" ("staff_id", "photo_url") VALUES
	(1, 'statics/zhugeleida/imgs/xiaochengxu/website/scroll_1.svg'),
	(1, 'statics/zhugeleida/imgs/xiaochengxu/website/scroll_2.svg'),
	(2, 'statics/zhugeleida/imgs/xiaochengxu/website/scroll_2.svg');
INSERT INTO "products" ("company_id", "staff_id", "name", "price", "reason", "status", "content") VALUES
	(1, 1, '智能名片企业版', '1980/年', '十个人以内的团队先用这一款', 3, '{"cover_data":[{"type":"picture_url","data":["statics/zhugeleida/imgs/xiaochengxu/website/scroll_1.svg","statics/zhugeleida/imgs/xiaochengxu/website/scroll_2.svg"]}],"article_data":[{"type":"title","data":["一张名片，连起客户和产品"]},{"type":"picture_url","data":["statics/zhugeleida/imgs/xiaochengxu/website/content_1.svg"]},{"type":"content","data":["客户扫码收下名片，就能看产品、聊天、下单。每一次访问都有记录。"]}]}'),
	(1, 2, '展会套餐', '280-1280', '海报、名片、现场收款一次配齐', 1, '{"cover_data":[{"type":"picture_url","data":["statics/zhugeleida/imgs/xiaochengxu/website/scroll_2.svg"]}],"article_data":[{"type":"content","data":["含三天现场支持。"]}]}'),
	(1, 1, '旧版名片', '99', '不再销售', 2, '{"cover_data":[],"article_data":[]}'),
	(2, 3, '品牌设计', '面议', '从标志到门店', 1, '{"cover_data":[],"article_data":[]}');
INSERT INTO "websites" ("company_id", "cover", "content") VALUES
	(1, '["statics/zhugeleida/imgs/xiaochengxu/website/scroll_1.svg","statics/zhugeleida/imgs/xiaochengxu/website/scroll_2.svg"]',
		'["statics/zhugeleida/imgs/xiaochengxu/website/content_1.svg"]');
INSERT INTO "goods_classes" ("company_id", "name", "goods_num", "parent_id") VALUES
	(1, '名片', 2, NULL), (1, '企业版', 1, 1), (1, '个人版', 1, 1), (1, '展会', 1, NULL), (2, '设计', 1, NULL);
INSERT INTO "goods" ("company_id", "class_id", "name", "price_fen") VALUES
	(1, 2, '智能名片企业版一年', 198000), (1, 3, '个人名片一年', 9900), (1, 4, '展会体验装', 100), (2, 5, '设计咨询一小时', 50000)
