CREATE TABLE "ended_session" (
	"token_hash" text PRIMARY KEY NOT NULL,
	"reason" text NOT NULL,
	"ended_at" timestamp with time zone NOT NULL,
	"by_session" text,
	"by_device" text,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_event" (
	"id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"kind" text NOT NULL,
	"outcome" text NOT NULL,
	"reason" text,
	"user_id" text,
	"account" text,
	"session" text,
	"request_id" text,
	"actor" text NOT NULL,
	"actor_id" text,
	"device" text,
	"network" text,
	"site" text,
	"count" integer DEFAULT 1 NOT NULL,
	"first_at" timestamp with time zone,
	"last_at" timestamp with time zone,
	"details" jsonb,
	CONSTRAINT "audit_event_at_id_pk" PRIMARY KEY("at","id")
) PARTITION BY RANGE ("at");
--> statement-breakpoint
-- For clocks that are wrong, and for roles that may not create the coming months (src/features/audit/partitions.ts).
CREATE TABLE "audit_event_default" PARTITION OF "audit_event" DEFAULT;
--> statement-breakpoint
-- The first months; the hourly sweep creates those that follow.
DO $$
DECLARE
	month timestamp := date_trunc('month', now() AT TIME ZONE 'UTC');
BEGIN
	FOR ahead IN 0..2 LOOP
		EXECUTE format(
			'CREATE TABLE %I PARTITION OF "audit_event" FOR VALUES FROM (%L) TO (%L)',
			'audit_event_' || to_char(month, 'YYYY_MM'),
			to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
			to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00'
		);
		month := month + interval '1 month';
	END LOOP;
END $$;
--> statement-breakpoint
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
CREATE TABLE "replica_heartbeat" (
	"id" text PRIMARY KEY NOT NULL,
	"beat" text NOT NULL,
	"written_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "session" ADD COLUMN "impersonated_by" text;--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "locked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "user" ADD COLUMN "role" text;--> statement-breakpoint
CREATE INDEX "ended_session_expires_at_idx" ON "ended_session" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "audit_event_user_id_at_idx" ON "audit_event" USING btree ("user_id","at");--> statement-breakpoint
CREATE INDEX "audit_event_account_at_idx" ON "audit_event" USING btree ("account","at");--> statement-breakpoint
CREATE INDEX "audit_event_session_at_idx" ON "audit_event" USING btree ("session","at");--> statement-breakpoint
CREATE INDEX "audit_event_request_id_idx" ON "audit_event" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "audit_event_kind_at_idx" ON "audit_event" USING btree ("kind","at");--> statement-breakpoint
CREATE INDEX "webhook_delivery_next_attempt_at_idx" ON "webhook_delivery" USING btree ("next_attempt_at");--> statement-breakpoint
CREATE INDEX "webhook_delivery_user_id_idx" ON "webhook_delivery" USING btree ("user_id","sequence");--> statement-breakpoint
CREATE INDEX "webhook_delivery_created_at_idx" ON "webhook_delivery" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "user_email_prefix_idx" ON "user" USING btree ("email" text_pattern_ops);--> statement-breakpoint
CREATE INDEX "session_impersonated_by_idx" ON "session" USING btree ("impersonated_by");--> statement-breakpoint
CREATE INDEX "user_role_idx" ON "user" USING btree ("role");--> statement-breakpoint
CREATE INDEX "audit_event_outcome_at_idx" ON "audit_event" USING btree ("outcome","at");