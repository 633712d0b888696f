CREATE TABLE "known_device" (
	"user_id" text NOT NULL,
	"browser" text NOT NULL,
	"network" text NOT NULL,
	"seen_at" timestamp with time zone NOT NULL,
	CONSTRAINT "known_device_user_id_browser_network_pk" PRIMARY KEY("user_id","browser","network")
);
--> statement-breakpoint
CREATE INDEX "known_device_seen_at_idx" ON "known_device" USING btree ("seen_at");