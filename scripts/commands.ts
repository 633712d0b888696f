/** The programs of the production build besides the server: paths below src/ and dist/, without the extension. */
export const commands = [
  'db/migrate-command',
  'db/sweep-command',
  'operator/explain',
  'operator/import',
  'operator/sessions',
  'operator/user',
  'features/breached-passwords/pwned-list',
  'features/webhooks/replay-command',
] as const;

/** All but the import, which loads the active features to check profiles. */
export const smallCommands = commands.filter((name) => name !== 'operator/import');
