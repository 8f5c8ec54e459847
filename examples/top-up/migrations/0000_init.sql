CREATE TABLE "users" (
	"id" serial PRIMARY KEY NOT NULL,
	"openid" text UNIQUE,
	"mobile" text NOT NULL UNIQUE,
	"nick_name" text DEFAULT '' NOT NULL,
	"head_img_url" text DEFAULT '' NOT NULL,
	"total_account" bigint DEFAULT 0 NOT NULL CHECK ("total_account" >= 0),
	"used_account" bigint DEFAULT 0 NOT NULL CHECK ("used_account" >= 0),
	"balance_account" bigint DEFAULT 0 NOT NULL CHECK ("balance_account" >= 0),
	"state" smallint DEFAULT 0 NOT NULL CHECK ("state" IN (0, 1)),
	"ctime" timestamp with time zone DEFAULT now() NOT NULL,
	"utime" timestamp with time zone DEFAULT now() NOT NULL,
	CHECK ("balance_account" = "total_account" - "used_account")
);
--> statement-breakpoint
CREATE TABLE "recharges" (
	"id" serial PRIMARY KEY NOT NULL,
	"recharge_id" text NOT NULL UNIQUE,
	"user_id" integer NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT,
	"amount" integer NOT NULL CHECK ("amount" > 0),
	"status" text DEFAULT 'created' NOT NULL CHECK ("status" IN ('created', 'placed', 'paid', 'closed')),
	"time_expire" timestamp with time zone NOT NULL,
	"client_ip" text NOT NULL,
	"prepay_id" text,
	"transaction_id" text UNIQUE,
	"pay_time" timestamp with time zone,
	"ctime" timestamp with time zone DEFAULT now() NOT NULL,
	"utime" timestamp with time zone DEFAULT now() NOT NULL,
	CHECK (("status" = 'paid') = ("pay_time" IS NOT NULL))
);
--> statement-breakpoint
CREATE INDEX "recharges_paid" ON "recharges" ("user_id", "pay_time" DESC);
--> statement-breakpoint
CREATE INDEX "recharges_open" ON "recharges" ("status", "ctime");
--> statement-breakpoint
CREATE TABLE "devices" (
	"id" text PRIMARY KEY NOT NULL,
	"province" text NOT NULL,
	"city" text NOT NULL,
	"area" text NOT NULL,
	"location" text NOT NULL,
	"price_per_minute" integer NOT NULL CHECK ("price_per_minute" > 0),
	"is_enabled" boolean DEFAULT true NOT NULL
);
--> statement-breakpoint
CREATE TABLE "expenses" (
	"id" serial PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT,
	"device_id" text NOT NULL REFERENCES "devices" ("id") ON DELETE RESTRICT,
	"province" text NOT NULL,
	"city" text NOT NULL,
	"area" text NOT NULL,
	"location" text NOT NULL,
	"price_per_minute" integer NOT NULL CHECK ("price_per_minute" > 0),
	"cost_money" integer DEFAULT 0 NOT NULL CHECK ("cost_money" >= 0),
	"end_time" timestamp with time zone,
	"cost_time" integer,
	"ctime" timestamp with time zone DEFAULT now() NOT NULL,
	"utime" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX "expenses_running_user" ON "expenses" ("user_id") WHERE "end_time" IS NULL;
--> statement-breakpoint
CREATE UNIQUE INDEX "expenses_running_device" ON "expenses" ("device_id") WHERE "end_time" IS NULL;
--> statement-breakpoint
CREATE INDEX "expenses_of_user" ON "expenses" ("user_id", "ctime" DESC);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"id" serial PRIMARY KEY NOT NULL,
	"user_id" integer NOT NULL REFERENCES "users" ("id") ON DELETE RESTRICT,
	"kind" text NOT NULL CHECK ("kind" IN ('recharge', 'expense')),
	"reference" text NOT NULL UNIQUE,
	"amount" bigint NOT NULL,
	"balance_after" bigint NOT NULL CHECK ("balance_after" >= 0),
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
