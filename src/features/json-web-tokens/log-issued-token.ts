/** Logs that a JSON Web Token was issued: its key, its subject's fingerprint, its lifetime; never the token. */
import type { Logger } from '../../log/logger.js';
import { tokenFingerprint } from '../../session/signed-token.js';

/** @param response of BetterAuth's `/token`: `{ token }`, or an error that issued nothing */
export function logIssuedToken(response: unknown, logger: Logger): void {
  const token = (response as { token?: unknown } | null | undefined)?.token;
  if (typeof token !== 'string') return;
  const [header, payload] = token.split('.').slice(0, 2).map(readPart);
  logger.info(
    {
      keyId: header?.kid,
      subject: tokenFingerprint(String(payload?.sub)),
      lifetimeSeconds: Number(payload?.exp) - Number(payload?.iat),
    },
    'token issued',
  );
}

function readPart(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
}
