ALTER TABLE "mailed_link" ADD COLUMN "email_proven" boolean;--> statement-breakpoint
ALTER TABLE "totp_secret" ADD COLUMN "confirmed_at" timestamp with time zone;