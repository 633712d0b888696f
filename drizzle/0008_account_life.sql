CREATE TABLE "magic_link" (
	"link_id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "known_device" (
	"user_id" text NOT NULL,
	"browser" text NOT NULL,
	"network" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "known_device_user_id_browser_network_pk" PRIMARY KEY("user_id","browser","network")
);
--> statement-breakpoint
ALTER TABLE "mailed_link" ADD COLUMN "email" text;--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "delete_after" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "magic_link" ADD CONSTRAINT "magic_link_link_id_mailed_link_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."mailed_link"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "known_device_seen_at_idx" ON "known_device" USING btree ("seen_at");--> statement-breakpoint
CREATE INDEX "user_delete_after_idx" ON "user" USING btree ("delete_after");