CREATE TABLE "redirect_flow" (
	"id" text PRIMARY KEY NOT NULL,
	"provider" text NOT NULL,
	"challenge" text NOT NULL,
	"origin" text,
	"link_user_id" text,
	"code_hash" text,
	"identity" text,
	"code_expires_at" timestamp with time zone,
	"redeemed_at" timestamp with time zone,
	"link_id" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "redirect_flow_code_hash_unique" UNIQUE("code_hash"),
	CONSTRAINT "redirect_flow_link_id_unique" UNIQUE("link_id")
);
--> statement-breakpoint
ALTER TABLE "mailed_link" ADD COLUMN "address_hash" text;--> statement-breakpoint
CREATE INDEX "redirect_flow_created_at_idx" ON "redirect_flow" USING btree ("created_at");--> statement-breakpoint
DELETE FROM "known_device" WHERE NOT EXISTS (SELECT 1 FROM "user" WHERE "user"."id" = "known_device"."user_id");--> statement-breakpoint
ALTER TABLE "known_device" ADD CONSTRAINT "known_device_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;