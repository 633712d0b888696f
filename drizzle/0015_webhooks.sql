CREATE TABLE "webhook_delivery" (
	"sequence" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "webhook_delivery_sequence_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" text NOT NULL,
	"endpoint" text NOT NULL,
	"user_id" text,
	"payload" jsonb NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	"sent_at" timestamp with time zone
);
--> statement-breakpoint
CREATE INDEX "webhook_delivery_next_attempt_at_idx" ON "webhook_delivery" USING btree ("next_attempt_at");--> statement-breakpoint
CREATE INDEX "webhook_delivery_user_id_idx" ON "webhook_delivery" USING btree ("user_id","sequence");--> statement-breakpoint
CREATE INDEX "webhook_delivery_created_at_idx" ON "webhook_delivery" USING btree ("created_at");