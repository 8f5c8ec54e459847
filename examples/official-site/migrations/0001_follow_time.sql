ALTER TABLE "wx_users" ADD COLUMN "follow_changed_at" timestamp with time zone;
