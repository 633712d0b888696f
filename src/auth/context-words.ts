/**
 * Context-specific words (ASVS 6.1.2, 6.2.11): the names and hosts of the site, and the user's own name and address. A new
 * password must not be one of them with a few digits or signs, which is what a guesser tries first. Passphrases that
 * contain one among other words are accepted. docs/security.md documents the list.
 */
import { APIError } from 'better-auth/api';
import type { Config } from '../config/config.js';
import { siteOfHost } from '../config/site.js';
import { siteNames } from '../features/site-names.js';
import { maximumPasswordLength } from './password.js';

/** Shorter ones occur in too many other words. */
const shortestWord = 3;

/** Digits and signs that the password may have besides as many as it has letters: with more of them it is not guessable. */
const fewOthers = 4;

/** More of a name is not compared: the work must stay small. */
const longestName = 200;

interface PasswordOwner {
  readonly email?: unknown;
  readonly name?: unknown;
}

export type ContextWords = ReturnType<typeof createContextWords>;

export function createContextWords(
  config: Pick<Config, 'baseUrl' | 'trustedOrigins' | 'features'>,
) {
  const urls = [config.baseUrl, ...config.trustedOrigins].filter((url) => /^https?:/.test(url));
  const ofSite = wordsOf([
    'auth-service',
    ...siteNames(config.features),
    ...urls.flatMap((url) => namesOfHost(new URL(url).hostname)),
  ]);

  /** Whether the password is little more than such words. @param owner of the password, where they are known */
  function includes(password: string, { email, name }: PasswordOwner = {}): boolean {
    if (password.length > maximumPasswordLength) return false; // refused as too long
    const own = [...namesOfAddress(email), ...namesOf(name)];
    return consistsOf(password, [...ofSite, ...wordsOf(own)]);
  }

  return {
    includes,

    /** @throws APIError 400 PASSWORD_TOO_COMMON with the reason `context_word` */
    require(password: string, owner: PasswordOwner = {}): void {
      if (!includes(password, owner)) return;
      const message =
        'This password is little more than the name of the site, your name or your e-mail address. Choose another.';
      throw new APIError('BAD_REQUEST', {
        code: 'PASSWORD_TOO_COMMON',
        message,
        reason: 'context_word',
      });
    },
  };
}

/** `docs.example.co.uk` → itself, `example.co.uk`, `example` and `docs`. */
function namesOfHost(host: string): string[] {
  const site = siteOfHost(host);
  const below = host.slice(0, host.length - site.length).split('.');
  return [host, site, ...site.split('.').slice(0, 1), ...below];
}

/** `ada.lovelace@example.com` → the part before the @, its parts, and the whole address. */
function namesOfAddress(email: unknown): string[] {
  if (typeof email !== 'string') return [];
  return [email, ...namesOf(email.slice(0, Math.max(0, email.lastIndexOf('@'))))];
}

/** The text and its words. */
function namesOf(text: unknown): string[] {
  if (typeof text !== 'string') return [];
  const name = text.slice(0, longestName);
  return [name, ...name.split(/[\s._+-]+/)];
}

function wordsOf(names: readonly string[]): string[] {
  const words = names.map((name) => simplify(name)).filter(({ length }) => length >= shortestWord);
  return [...new Set(words)];
}

/** In lower case, without accents, spaces and signs. */
function simplify(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{Nd}]/gu, '');
}

const lettersOf = (text: string) => text.replaceAll(/\P{L}/gu, '');

/** Whether the password is made of these words only, but for a few digits and signs. */
function consistsOf(password: string, words: readonly string[]): boolean {
  const simple = simplify(password);
  if (words.includes(simple)) return true; // also a number, such as that of a pupil
  const letters = lettersOf(simple);
  if (password.length - letters.length > letters.length + fewOthers) return false;
  const parts = words.map(lettersOf).filter(({ length }) => length >= shortestWord);
  return letters !== '' && isJoined(letters, parts);
}

/** Whether the text can be divided into the words, each as often as needed. */
function isJoined(text: string, words: readonly string[]): boolean {
  const ends = new Set([0]);
  // Iterating over a set includes entries added meanwhile.
  for (const end of ends) {
    for (const word of words) if (text.startsWith(word, end)) ends.add(end + word.length);
  }
  return ends.has(text.length);
}
