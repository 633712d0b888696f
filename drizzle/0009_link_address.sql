ALTER TABLE "mailed_link" ADD COLUMN "address_hash" text;--> statement-breakpoint
DELETE FROM "known_device" WHERE NOT EXISTS (SELECT 1 FROM "user" WHERE "user"."id" = "known_device"."user_id");--> statement-breakpoint
ALTER TABLE "known_device" ADD CONSTRAINT "known_device_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;