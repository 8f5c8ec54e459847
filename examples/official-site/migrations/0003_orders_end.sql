ALTER TABLE "wx_pay_orders" ADD COLUMN "time_expire" timestamp with time zone DEFAULT now() + interval '2 hours' NOT NULL;
--> statement-breakpoint
ALTER TABLE "wx_pay_orders" ADD COLUMN "client_ip" text DEFAULT '' NOT NULL;
