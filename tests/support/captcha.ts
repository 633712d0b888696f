/** Solves ALTCHA's proof of work, as its widget does in a browser. */
import { solveChallenge, type Challenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Answer } from './visitor.js';

export const tokenHeader = 'x-captcha-response';

/** The challenge of a 403. */
export function challengeOf({ json }: Answer): Challenge {
  const { challenge } = (json?.captcha ?? {}) as { challenge?: Challenge };
  if (challenge === undefined) throw new Error('the response has no challenge');
  return challenge;
}

/** @returns the token for the header */
export async function solve(challenge: Challenge): Promise<string> {
  const solution = await solveChallenge({ challenge, deriveKey });
  if (solution === null) throw new Error('the challenge was not solved');
  return encode({ challenge, solution });
}

export function encode(payload: unknown): string {
  return Buffer.from(JSON.stringify(payload)).toString('base64');
}
