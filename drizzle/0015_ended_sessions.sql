CREATE TABLE "ended_session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	"by_session" text,
	"by_device" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "locked_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "ended_session_expires_at_idx" ON "ended_session" USING btree ("expires_at");