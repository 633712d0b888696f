ALTER TABLE "mailed_link" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "delete_after" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "user_delete_after_idx" ON "user" USING btree ("delete_after");