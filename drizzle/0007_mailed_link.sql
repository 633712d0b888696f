CREATE TABLE "mailed_link" (
	"id" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" text NOT NULL,
	"browser" text,
	"created_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"used_at" timestamp with time zone,
	"replaced_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "mailed_link_user_id_idx" ON "mailed_link" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "mailed_link_expires_at_idx" ON "mailed_link" USING btree ("expires_at");