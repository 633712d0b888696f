/**
 * The tables of every feature: one line each. They exist whether the feature is on or off, so that switching it on
 * takes no migration. `drizzle.config.ts` finds the same files by their name.
 */
export * from './audit/tables.js';
export * from './json-web-tokens/tables.js';
export * from './magic-link/tables.js';
export * from './mail/tables.js';
export * from './passkeys/tables.js';
export * from './read-replica/tables.js';
export * from './redirect-sign-in/tables.js';
export * from './security-notices/tables.js';
export * from './totp/tables.js';
export * from './webhooks/tables.js';
