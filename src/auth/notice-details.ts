/** What mails about an event say of it: when and where it happened. */
import type { Config } from '../config/config.js';

/** Such as `2026-01-31 12:00 UTC`. */
export function describeTime(time: Date): string {
  return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** The origin of the page that sent the request, which is a trusted one; the service's own URL for an application. */
export function siteOf({ baseUrl }: Pick<Config, 'baseUrl'>, headers: Headers | undefined): string {
  const origin = headers?.get('origin') ?? '';
  return /^https?:/.test(origin) ? origin : baseUrl;
}
