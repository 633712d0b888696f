ALTER TABLE "session" ADD COLUMN "impersonated_by" text;--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "role" text;--> statement-breakpoint
CREATE INDEX "user_email_prefix_idx" ON "user" USING btree ("email" text_pattern_ops);