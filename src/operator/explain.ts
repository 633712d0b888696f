#!/usr/bin/env node
/** `npm run explain`: prints the story of a user, and what keeps them out now. Changes nothing. */
import { readCleanEnvironment } from '../config/clean-values.js';
import { readConfig } from '../config/config.js';
import type { Environment } from '../config/environment.js';
import { ConfigurationError } from '../config/finding.js';
import type { KeyRing } from '../config/secrets.js';
import {
  defaultExplainSettings,
  describeTrailGaps,
  explainSettingsOf,
  explainUser,
  readStoredSettings,
  type ExplainSettings,
} from '../features/explain.js';
import { createCommandLimits } from '../features/create-feature-limits.js';
import { findLimitsUnavailable } from '../limit-store.js';
import { describeDatabaseFailure } from './database-failure.js';
import { toJson } from './describe-user.js';
import { readExplainOptions, usage, type ExplainCommandOptions } from './explain-options.js';
import { findKeyRing, NoSecretError } from './find-key-ring.js';
import { formatStory } from './format-story.js';
import { openDatabase } from './open-database.js';
import { runCommand } from './run-command.js';

const { stdout, stderr } = process;
const dayMs = 86_400_000;
const defaultWidth = 100;

const notFound = { no_account: true, nothing_found: true, account_deleted: true };

await runCommand(usage, readExplainOptions, run);

async function run({ subject, json, limit, sinceDays }: ExplainCommandOptions): Promise<number> {
  const env = readCleanEnvironment();
  const database = await openDatabase(env);
  const limits = createCommandLimits(env, database.orm);
  try {
    const now = new Date();
    const keyRing = await tryFindKeyRing(env);
    const own = readSettings(env, now);
    const since = sinceDays === undefined ? undefined : new Date(now.getTime() - sinceDays * dayMs);
    const settings = own ?? (await readStoredSettings(database.orm)) ?? defaultExplainSettings();
    const find: typeof limits.find = (db, prefixes) =>
      limits.find(db, prefixes).catch((error: unknown) => {
        if (findLimitsUnavailable(error) === undefined) throw error;
        stderr.write(`limits are left out: ${describeDatabaseFailure(error)}\n`);
        return [];
      });
    const options = { now, keyRing, settings, limits: { ...limits, find }, limit, since };
    const story = await explainUser(database.orm, subject, options);
    for (const gap of await describeTrailGaps(database.orm, story.user?.id, env)) {
      stderr.write(`${gap}\n`);
    }
    stdout.write(json ? toJson(story) : formatStory(story, now, terminal(env)));
    return story.user === null && story.diagnosis.code in notFound ? 1 : 0;
  } finally {
    await limits.close();
    await database.close();
  }
}

function terminal({ NO_COLOR: noColor = '' }: Environment) {
  const isColored = stdout.isTTY && noColor === ''; // no-color.org: any non-empty value
  return { width: stdout.columns || defaultWidth, isColored };
}

async function tryFindKeyRing(env: Environment): Promise<KeyRing | undefined> {
  try {
    return await findKeyRing(env);
  } catch (error) {
    if (!(error instanceof NoSecretError)) throw error;
    stderr.write(
      'BETTER_AUTH_SECRET is missing or invalid here: limits and sign-ins with an unknown address are left out\n',
    );
    return undefined;
  }
}

/** @returns undefined if the environment has not all settings of the service */
function readSettings(env: Environment, now: Date): ExplainSettings | undefined {
  try {
    return explainSettingsOf(readConfig(env, now));
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    stderr.write(
      'the settings of the service are incomplete here: those of its last start, or defaults, are assumed\n',
    );
    return undefined;
  }
}
