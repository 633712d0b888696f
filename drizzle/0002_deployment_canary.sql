CREATE TABLE "deployment_canary" (
	"canary" text PRIMARY KEY NOT NULL,
	"base_url" text NOT NULL,
	"environment" text NOT NULL,
	"branch" text,
	"left_at" timestamp with time zone DEFAULT now() NOT NULL
);
