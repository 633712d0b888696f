/** Settings of the demo: addresses and folders of its parts, and the environment of each part. */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isOperatorVariable, operatorVariables } from '../../../src/config/variables.js';
import type { Environment } from '../../../src/config/environment.js';

/** A problem that the user can fix: printed as one sentence without a stack trace. */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

export interface Address {
  /** Name in messages: `the site`. */
  readonly what: string;
  readonly port: number;
  /** The environment variable of its port. */
  readonly variable: string;
  /** With `localhost`, not 127.0.0.1: these are two different sites for cookies. */
  readonly url: string;
}

export interface DemoSettings {
  readonly service: Address;
  readonly api: Address;
  readonly site: Address;
  /** Ignored by git; also contains the service's database. */
  readonly dataDirectory: string;
  readonly repository: string;
  /** For every program: the caller's environment without settings of the service. */
  readonly environment: Environment;
}

/** @throws DemoError if a port is invalid or used twice */
export function readDemoSettings(given: Environment): DemoSettings {
  const service = readAddress(given, 'the auth service', 'PORT', 3001);
  const api = readAddress(given, 'the API', 'API_PORT', 8000);
  const site = readAddress(given, 'the site', 'SITE_PORT', 3000);
  if (new Set([service.port, api.port, site.port]).size < 3) {
    throw new DemoError('PORT, API_PORT and SITE_PORT must be three different ports');
  }
  // The demo must not use the database and secrets of the user's .env. Empty counts as not set.
  const names = [
    ...Object.keys(operatorVariables.shape),
    ...Object.keys(given).filter(isOperatorVariable),
  ];
  const unset = Object.fromEntries(names.map((name) => [name, '']));
  return {
    service,
    api,
    site,
    dataDirectory: resolve(given.DATA_DIR || '.data'),
    repository: fileURLToPath(new URL('../../..', import.meta.url)),
    // With `production`, npm would not install the plugin's build dependencies.
    environment: { ...given, ...unset, NODE_ENV: 'development' },
  };
}

/** For the service: the site's origin and its page for mailed links, and bearer tokens for browsers that refuse cookies. */
export function serviceEnvironment(settings: DemoSettings): Environment {
  return {
    ...settings.environment,
    PORT: String(settings.service.port),
    DATA_DIR: settings.dataDirectory,
    BETTER_AUTH_URL: settings.service.url,
    BETTER_AUTH_TRUSTED_ORIGINS: settings.site.url,
    BEARER_TOKENS: 'on',
    // Mails stay on this machine: they are in the mailbox of the development server.
    EMAIL_VERIFICATION: 'optional',
    SITE_PAGES: `${settings.site.url}/auth/confirm`,
  };
}

/** For the API and the site: all addresses, and cookies with bearer tokens as fallback. */
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
    PYTHONUNBUFFERED: '1', // otherwise the API's output is delayed
    NO_UPDATE_NOTIFIER: '1',
  };
}

/** @returns the folder of the API's virtual environment */
export function pythonFolder({ dataDirectory }: DemoSettings): string {
  return join(dataDirectory, 'demo-python');
}

function readAddress(
  given: Environment,
  what: string,
  variable: string,
  defaultPort: number,
): Address {
  const value = given[variable] || String(defaultPort);
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1 || port > 65_535) {
    throw new DemoError(`${variable} is not a valid port`);
  }
  return { what, port, variable, url: `http://localhost:${port}` };
}
