import { defineConfig } from 'drizzle-kit';

/** Only `npm run db:generate` reads this: it compares the schema with `drizzle/` and needs no database. */
export default defineConfig({
  dialect: 'postgresql',
  schema: ['./src/db/schema.ts', './src/features/*/tables.ts'],
  out: './drizzle',
});
