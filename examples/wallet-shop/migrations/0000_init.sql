CREATE TABLE "users" (
	"id" serial PRIMARY KEY NOT NULL,
	"openid" text UNIQUE,
	"unionid" text UNIQUE,
	"phone" bigint UNIQUE,
	"password_hash" text,
	"phone_verified" boolean DEFAULT false NOT NULL,
	"name" text DEFAULT '' NOT NULL,
	"gender" smallint DEFAULT 0 NOT NULL CHECK ("gender" IN (0, 1, 2)),
	"province" text DEFAULT '' NOT NULL,
	"city" text DEFAULT '' NOT NULL,
	"avatar" text DEFAULT '' NOT NULL,
	"balance" bigint DEFAULT 0 NOT NULL CHECK ("balance" >= 0),
	"coupon" bigint DEFAULT 0 NOT NULL CHECK ("coupon" >= 0),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CHECK ("openid" IS NOT NULL OR "phone" IS NOT NULL)
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" serial PRIMARY KEY NOT NULL,
	"shop_id" integer DEFAULT 0 NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"icon" text DEFAULT '' NOT NULL,
	"price" bigint NOT NULL CHECK ("price" > 0),
	"is_on_sale" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "products_shop" ON "products" ("shop_id", "id");
--> statement-breakpoint
CREATE TABLE "cart_items" (
	"id" serial PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL REFERENCES "users"("id") ON DELETE CASCADE,
	"product_id" integer NOT NULL REFERENCES "products"("id") ON DELETE CASCADE,
	"num" integer NOT NULL CHECK ("num" BETWEEN 1 AND 99),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	UNIQUE ("user_id", "product_id")
);
--> statement-breakpoint
CREATE TABLE "payment_items" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"description" text DEFAULT '' NOT NULL,
	"money" bigint NOT NULL CHECK ("money" > 0),
	"charge" bigint DEFAULT 0 NOT NULL CHECK ("charge" >= 0),
	"is_on_sale" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "payment_orders" (
	"id" serial PRIMARY KEY NOT NULL,
	"payment_id" text NOT NULL UNIQUE,
	"user_id" integer NOT NULL REFERENCES "users"("id") ON DELETE RESTRICT,
	"item_id" integer NOT NULL,
	"name" text NOT NULL,
	"money" bigint NOT NULL CHECK ("money" > 0),
	"charge" bigint NOT NULL CHECK ("charge" >= 0),
	"status" text DEFAULT 'created' NOT NULL CHECK ("status" IN ('created', 'placed', 'paid', 'closed', 'failed')),
	"time_expire" timestamp with time zone NOT NULL,
	"client_ip" text NOT NULL,
	"prepay_id" text,
	"transaction_id" text UNIQUE,
	"paid_at" timestamp with time zone,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "payment_orders_user" ON "payment_orders" ("user_id", "id");
--> statement-breakpoint
CREATE INDEX "payment_orders_open" ON "payment_orders" ("status", "created_at");
--> statement-breakpoint
CREATE TABLE "ledgers" (
	"id" serial PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL REFERENCES "users"("id") ON DELETE RESTRICT,
	"purse" smallint NOT NULL CHECK ("purse" IN (0, 1)),
	"kind" text NOT NULL CHECK ("kind" IN ('recharge', 'bonus', 'purchase')),
	"name" text NOT NULL,
	"money" bigint NOT NULL CHECK ("money" <> 0),
	"balance_after" bigint NOT NULL CHECK ("balance_after" >= 0),
	"item_id" integer NOT NULL,
	"reference" text NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CHECK (("kind" = 'purchase') = ("money" < 0))
);
--> statement-breakpoint
CREATE INDEX "ledgers_user" ON "ledgers" ("user_id", "purse", "id" DESC);
--> statement-breakpoint
CREATE TABLE "requests" (
	"owner" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	PRIMARY KEY ("owner", "key")
);
--> statement-breakpoint
CREATE INDEX "requests_age" ON "requests" ("created_at");
