CREATE TABLE "magic_link" (
	"link_id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "magic_link" ADD CONSTRAINT "magic_link_link_id_mailed_link_id_fk" FOREIGN KEY ("link_id") REFERENCES "public"."mailed_link"("id") ON DELETE cascade ON UPDATE no action;