/** Where the demo's parts listen, what it keeps where, and which environment each part gets. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operatorVariables } from '../../../src/config/variables.js';
import type { Environment } from '../../../src/config/environment.js';

/** Something that the person at the terminal can change: told as one sentence, without a stack. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

export interface Address {
  /** As people call it: `the site`. */
  readonly what: string;
  readonly port: number;
  /** Its port's variable. */
  readonly variable: string;
  /** By `localhost` and not by 127.0.0.1: for cookies these are two sites. */
  readonly url: string;
}

export interface DemoSettings {
  readonly service: Address;
  readonly api: Address;
  readonly site: Address;
  /** Ignored by git; the service's database is in it, too. */
  readonly dataDirectory: string;
  readonly repository: string;
  /** What every program gets: the caller's environment without the service's settings. */
  readonly environment: Environment;
}

/** @throws DemoError where a port is none, or two are the same */
export function readDemoSettings(given: Environment): DemoSettings {
  const service = readAddress(given, 'the auth service', 'PORT', 3001);
  const api = readAddress(given, 'the API', 'API_PORT', 8000);
  const site = readAddress(given, 'the site', 'SITE_PORT', 3000);
  if (new Set([service.port, api.port, site.port]).size < 3) {
    throw new DemoError('PORT, API_PORT and SITE_PORT must be three different ports');
  }
  // Somebody's own database and secrets, from their .env, are no part of a demo. Empty counts as not set.
  const unset = Object.fromEntries(Object.keys(operatorVariables.shape).map((name) => [name, '']));
  return {
    service,
    api,
    site,
    dataDirectory: resolve(given.DATA_DIR || '.data'),
    repository: fileURLToPath(new URL('../../..', import.meta.url)),
    // Under `production`, npm would leave out what builds the plugin.
    environment: { ...given, ...unset, NODE_ENV: 'development' },
  };
}

/** Of the service: what `npm run dev` needs to know of the site, and bearer tokens for browsers that refuse cookies. */
export function serviceEnvironment(settings: DemoSettings): Environment {
  return {
    ...settings.environment,
    PORT: String(settings.service.port),
    DATA_DIR: settings.dataDirectory,
    BETTER_AUTH_URL: settings.service.url,
    BETTER_AUTH_TRUSTED_ORIGINS: settings.site.url,
    BEARER_TOKENS: 'on',
  };
}

/** Of the API and the site: each other's addresses, the service's, and cookies with the bearer fallback. */
export function clientEnvironment({ environment, service, api, site }: DemoSettings): Environment {
  return {
    ...environment,
    AUTH_URL: service.url,
    AUTH_PUBLIC_URL: '',
    AUTH_MODE: 'session',
    API_URL: api.url,
    API_CREDENTIAL: 'cookie',
    BEARER_TOKEN: 'memory',
    SITE_URL: site.url,
    PYTHONUNBUFFERED: '1', // or the API's lines come late, in a heap
    NO_UPDATE_NOTIFIER: '1',
  };
}

/** @returns the folder of the API's virtual environment */
export function pythonFolder({ dataDirectory }: DemoSettings): string {
  return join(dataDirectory, 'demo-python');
}

function readAddress(given: Environment, what: string, variable: string, preset: number): Address {
  const value = given[variable] || String(preset);
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535) {
    throw new DemoError(`${variable} is not a port`);
  }
  return { what, port, variable, url: `http://localhost:${port}` };
}
