CREATE TABLE "companies" (
	"id" serial PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"address" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mini_programs" (
	"id" serial PRIMARY KEY NOT NULL,
	"company_id" integer NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"app_id" text NOT NULL UNIQUE,
	"secret_sealed" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" serial PRIMARY KEY NOT NULL,
	"company_id" integer NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"login" text NOT NULL UNIQUE,
	"password_hash" text NOT NULL,
	"is_admin" boolean DEFAULT false NOT NULL,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"username" text NOT NULL,
	"avatar" text DEFAULT 'statics/imgs/setAvator.svg' NOT NULL,
	"mingpian_avatar" text DEFAULT '' NOT NULL,
	"position" text DEFAULT '' NOT NULL,
	"email" text DEFAULT '' NOT NULL,
	"wechat" text DEFAULT '' NOT NULL,
	"mingpian_phone" text DEFAULT '' NOT NULL,
	"sign" text DEFAULT '' NOT NULL,
	"popularity_num" integer DEFAULT 0 NOT NULL CHECK ("popularity_num" >= 0),
	"praise_num" integer DEFAULT 0 NOT NULL CHECK ("praise_num" >= 0),
	"forward_num" integer DEFAULT 0 NOT NULL CHECK ("forward_num" >= 0),
	"sign_num" integer DEFAULT 0 NOT NULL CHECK ("sign_num" >= 0),
	"create_date" timestamp with time zone DEFAULT now() NOT NULL,
	"token_sealed" text,
	"token_hash" text UNIQUE,
	"token_changed_at" timestamp with time zone,
	"previous_token_sealed" text,
	"previous_token_hash" text
);
--> statement-breakpoint
CREATE INDEX "staff_previous_token" ON "staff" ("previous_token_hash");
--> statement-breakpoint
CREATE TABLE "staff_photos" (
	"id" serial PRIMARY KEY NOT NULL,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE CASCADE,
	"photo_url" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "customers" (
	"id" serial PRIMARY KEY NOT NULL,
	"mini_program_id" integer NOT NULL REFERENCES "mini_programs" ("id") ON DELETE RESTRICT,
	"openid" text NOT NULL,
	"unionid" text,
	"source" smallint NOT NULL CHECK ("source" IN (1, 2)),
	"username" text DEFAULT '' NOT NULL,
	"headimgurl" text DEFAULT '' NOT NULL,
	"city" text DEFAULT '' NOT NULL,
	"country" text DEFAULT '' NOT NULL,
	"province" text DEFAULT '' NOT NULL,
	"language" text DEFAULT '' NOT NULL,
	"phone_sealed" text,
	"is_enabled" boolean DEFAULT true NOT NULL,
	"create_date" timestamp with time zone DEFAULT now() NOT NULL,
	"token_sealed" text,
	"token_hash" text UNIQUE,
	"token_changed_at" timestamp with time zone,
	"previous_token_sealed" text,
	"previous_token_hash" text,
	UNIQUE ("mini_program_id", "openid")
);
--> statement-breakpoint
CREATE INDEX "customers_previous_token" ON "customers" ("previous_token_hash");
--> statement-breakpoint
CREATE TABLE "bindings" (
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE CASCADE,
	"source" smallint NOT NULL CHECK ("source" IN (1, 2)),
	"pid" integer REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	PRIMARY KEY ("customer_id", "staff_id"),
	CHECK ("pid" <> "customer_id")
);
--> statement-breakpoint
CREATE INDEX "bindings_of_staff" ON "bindings" ("staff_id", "created_at" DESC);
--> statement-breakpoint
CREATE TABLE "praises" (
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE CASCADE,
	PRIMARY KEY ("customer_id", "staff_id")
);
--> statement-breakpoint
CREATE TABLE "sign_praises" (
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE CASCADE,
	PRIMARY KEY ("customer_id", "staff_id")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"id" serial PRIMARY KEY NOT NULL,
	"company_id" integer NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE RESTRICT,
	"name" text NOT NULL,
	"price" text DEFAULT '' NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"content" jsonb NOT NULL,
	"status" smallint DEFAULT 1 NOT NULL CHECK ("status" IN (1, 2, 3)),
	"publisher_date" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "products_of_company" ON "products" ("company_id", "publisher_date" DESC);
--> statement-breakpoint
CREATE TABLE "card_events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE RESTRICT,
	"kind" text NOT NULL,
	"product_id" integer REFERENCES "products" ("id") ON DELETE RESTRICT,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "card_events_of_staff" ON "card_events" ("staff_id", "id" DESC);
--> statement-breakpoint
CREATE INDEX "card_events_of_pair" ON "card_events" ("customer_id", "staff_id", "kind", "id" DESC);
--> statement-breakpoint
CREATE INDEX "card_events_by_age" ON "card_events" ("created_at");
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE RESTRICT,
	"send_type" smallint NOT NULL CHECK ("send_type" IN (1, 2)),
	"content" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE INDEX "messages_of_pair" ON "messages" ("customer_id", "staff_id", "id" DESC);
--> statement-breakpoint
CREATE TABLE "chat_reads" (
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE CASCADE,
	"reader" smallint NOT NULL CHECK ("reader" IN (1, 2)),
	"last_id" bigint DEFAULT 0 NOT NULL,
	"last_fetched_id" bigint DEFAULT 0 NOT NULL,
	PRIMARY KEY ("customer_id", "staff_id", "reader")
);
--> statement-breakpoint
CREATE TABLE "form_ids" (
	"form_id" text PRIMARY KEY NOT NULL,
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE CASCADE,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE CASCADE,
	"template_id" text NOT NULL,
	"left" integer DEFAULT 0 NOT NULL CHECK ("left" >= 0),
	"sent_at" timestamp with time zone,
	PRIMARY KEY ("customer_id", "template_id")
);
--> statement-breakpoint
CREATE TABLE "websites" (
	"company_id" integer PRIMARY KEY NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"cover" jsonb NOT NULL,
	"content" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "goods_classes" (
	"id" serial PRIMARY KEY NOT NULL,
	"company_id" integer NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"name" text NOT NULL,
	"goods_num" integer DEFAULT 0 NOT NULL CHECK ("goods_num" >= 0),
	"parent_id" integer REFERENCES "goods_classes" ("id") ON DELETE RESTRICT,
	CHECK ("parent_id" <> "id")
);
--> statement-breakpoint
CREATE INDEX "goods_classes_of_company" ON "goods_classes" ("company_id", "id");
--> statement-breakpoint
CREATE TABLE "goods" (
	"id" serial PRIMARY KEY NOT NULL,
	"company_id" integer NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"class_id" integer REFERENCES "goods_classes" ("id") ON DELETE RESTRICT,
	"name" text NOT NULL,
	"price_fen" integer NOT NULL CHECK ("price_fen" > 0),
	"is_on_sale" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pay_accounts" (
	"id" serial PRIMARY KEY NOT NULL,
	"uuid" uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE,
	"company_id" integer NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"mch_id" text NOT NULL,
	"key_sealed" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"company_id" integer PRIMARY KEY NOT NULL REFERENCES "companies" ("id") ON DELETE RESTRICT,
	"shop_name" text DEFAULT '' NOT NULL,
	"current_account_id" integer REFERENCES "pay_accounts" ("id") ON DELETE RESTRICT
);
--> statement-breakpoint
CREATE TABLE "goods_orders" (
	"id" serial PRIMARY KEY NOT NULL,
	"order_no" text NOT NULL UNIQUE,
	"account_id" integer NOT NULL REFERENCES "pay_accounts" ("id") ON DELETE RESTRICT,
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE RESTRICT,
	"goods_id" integer NOT NULL REFERENCES "goods" ("id") ON DELETE RESTRICT,
	"name" text NOT NULL,
	"total_fee" integer NOT NULL CHECK ("total_fee" > 0),
	"status" text DEFAULT 'created' NOT NULL CHECK ("status" IN ('created', 'placed', 'paid', 'closed', 'failed')),
	"time_expire" timestamp with time zone NOT NULL,
	"client_ip" text NOT NULL,
	"prepay_id" text,
	"transaction_id" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"paid_at" timestamp with time zone,
	UNIQUE ("account_id", "transaction_id"),
	CHECK (("status" = 'paid') = ("paid_at" IS NOT NULL))
);
--> statement-breakpoint
CREATE INDEX "goods_orders_of_customer" ON "goods_orders" ("customer_id", "created_at" DESC);
--> statement-breakpoint
CREATE INDEX "goods_orders_open" ON "goods_orders" ("status", "created_at");
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" serial PRIMARY KEY NOT NULL,
	"reference" text NOT NULL UNIQUE,
	"account_id" integer NOT NULL REFERENCES "pay_accounts" ("id") ON DELETE RESTRICT,
	"amount" bigint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pictures" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL CHECK ("kind" IN ('qr_code', 'user_poster')),
	"staff_id" integer NOT NULL REFERENCES "staff" ("id") ON DELETE CASCADE,
	"customer_id" integer NOT NULL REFERENCES "customers" ("id") ON DELETE CASCADE,
	"fingerprint" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	UNIQUE ("kind", "staff_id", "customer_id")
);
--> statement-breakpoint
CREATE TABLE "requests" (
	"owner" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"answer" json,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	PRIMARY KEY ("owner", "key")
);
