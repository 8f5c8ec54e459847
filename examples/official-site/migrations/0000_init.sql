CREATE TABLE "admins" (
	"id" serial PRIMARY KEY NOT NULL,
	"uuid" uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"name" text NOT NULL UNIQUE,
	"password_hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wx_users" (
	"id" serial PRIMARY KEY NOT NULL,
	"uuid" uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"openid" text NOT NULL UNIQUE,
	"unionid" text,
	"nickname" text DEFAULT '' NOT NULL,
	"headimgurl" text DEFAULT '' NOT NULL,
	"is_subscribed" boolean DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wx_pay_orders" (
	"id" serial PRIMARY KEY NOT NULL,
	"uuid" uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"out_trade_no" text NOT NULL UNIQUE,
	"openid" text NOT NULL,
	"body" text NOT NULL,
	"total_fee" integer NOT NULL CHECK ("total_fee" > 0),
	"status" text DEFAULT 'created' NOT NULL CHECK ("status" IN ('created', 'placed', 'paid', 'failed', 'closed')),
	"prepay_id" text,
	"transaction_id" text UNIQUE,
	"paid_at" timestamp with time zone,
	"refunded_fee" integer DEFAULT 0 NOT NULL,
	CHECK ("refunded_fee" >= 0 AND "refunded_fee" <= "total_fee")
);
--> statement-breakpoint
CREATE TABLE "wx_pay_refunds" (
	"id" serial PRIMARY KEY NOT NULL,
	"uuid" uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"order_id" integer NOT NULL REFERENCES "wx_pay_orders"("id") ON DELETE CASCADE,
	"out_refund_no" text NOT NULL UNIQUE,
	"refund_fee" integer NOT NULL CHECK ("refund_fee" > 0),
	"refund_id" text,
	"status" text DEFAULT 'created' NOT NULL CHECK ("status" IN ('created', 'processing', 'success', 'failed', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "wx_mch_pays" (
	"id" serial PRIMARY KEY NOT NULL,
	"uuid" uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"partner_trade_no" text NOT NULL UNIQUE,
	"openid" text NOT NULL,
	"amount" integer NOT NULL CHECK ("amount" > 0),
	"desc" text NOT NULL,
	"payment_no" text,
	"status" text DEFAULT 'created' NOT NULL CHECK ("status" IN ('created', 'success', 'failed', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "wx_red_packs" (
	"id" serial PRIMARY KEY NOT NULL,
	"uuid" uuid DEFAULT gen_random_uuid() NOT NULL UNIQUE,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"mch_billno" text NOT NULL UNIQUE,
	"re_openid" text NOT NULL,
	"total_amount" integer NOT NULL CHECK ("total_amount" > 0),
	"send_name" text NOT NULL,
	"wishing" text NOT NULL,
	"act_name" text NOT NULL,
	"remark" text NOT NULL,
	"send_listid" text,
	"status" text DEFAULT 'created' NOT NULL CHECK ("status" IN ('created', 'sent', 'failed', 'unknown'))
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" serial PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"kind" text NOT NULL CHECK ("kind" IN ('payment', 'refund', 'mch_pay', 'red_pack')),
	"reference" text NOT NULL UNIQUE,
	"amount" bigint NOT NULL
);
--> statement-breakpoint
CREATE INDEX "wx_pay_orders_openid" ON "wx_pay_orders" ("openid");
