-- A shop to look at: made when there is none and WeChat is simulated. Prices in fen.
WITH "made" AS (
	INSERT INTO "products" ("shop_id", "name", "description", "price", "icon")
	SELECT * FROM (VALUES
		(0, '龙井绿茶', '明前采摘，一杯 300 ml', 1800, '/tea.svg'),
		(0, '手冲咖啡', '云南小粒，浅度烘焙', 2600, '/coffee.svg'),
		(0, '红豆面包', '每天早上现烤', 900, '/bread.svg'),
		(0, '桂花酸奶', '少糖，配桂花蜜', 1200, '/yoghurt.svg'),
		(1, '帆布袋', '分店限定', 3900, '/bag.svg')
	) AS "offered"
	WHERE NOT EXISTS (SELECT 1 FROM "products")
	RETURNING "id"
)
INSERT INTO "payment_items" ("name", "description", "money", "charge")
SELECT * FROM (VALUES
	('充 50 元', '送 5 元优惠券', 5000, 500),
	('充 100 元', '送 15 元优惠券', 10000, 1500),
	('充 1 元', '试一试', 100, 0)
) AS "offered"
WHERE EXISTS (SELECT 1 FROM "made")
