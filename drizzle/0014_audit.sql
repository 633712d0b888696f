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
CREATE INDEX "audit_event_user_id_at_idx" ON "audit_event" USING btree ("user_id","at");--> statement-breakpoint
CREATE INDEX "audit_event_account_at_idx" ON "audit_event" USING btree ("account","at");--> statement-breakpoint
CREATE INDEX "audit_event_session_at_idx" ON "audit_event" USING btree ("session","at");--> statement-breakpoint
CREATE INDEX "audit_event_request_id_idx" ON "audit_event" USING btree ("request_id");--> statement-breakpoint
CREATE INDEX "audit_event_kind_at_idx" ON "audit_event" USING btree ("kind","at");