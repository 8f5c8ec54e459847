ALTER TABLE "recharges" DROP CONSTRAINT "recharges_status_check";
--> statement-breakpoint
ALTER TABLE "recharges" ADD CONSTRAINT "recharges_status_check" CHECK ("status" IN ('created', 'placed', 'paid', 'closed', 'failed'));
