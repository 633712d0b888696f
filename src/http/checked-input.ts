/**
 * Judges what a request to BetterAuth holds (body, query, URLs to return to) before anything is read from the database
 * or hashed, and passes on what was judged: BetterAuth parses no byte that was not parsed here.
 */
import type { Request, RequestHandler } from 'express';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import { BodyShapeError, isStorable, readFields, type Fields } from './body-shape.js';
import { findRefusal, type InputRule, type Refusal } from './field-rules.js';
import { isReturnField, readReturnUrl, returnFieldCode } from './return-url.js';
import { sendError, sendRefusal } from './send-error.js';

const formType = 'application/x-www-form-urlencoded';

/** Loads the rules of the features that are on, once. */
export type LoadInputRules = () => Promise<readonly InputRule[]>;

/** @param baseUrl of this service, against which a path is read */
export function checkedInput(
  baseUrl: string,
  isTrusted: IsTrustedOrigin,
  loadInputRules: LoadInputRules,
): RequestHandler {
  const readUrl = (value: string) => readReturnUrl(value, baseUrl, isTrusted);

  return async function checkInput(req, res, next) {
    try {
      checkQuery(req, readUrl);
      if (Buffer.isBuffer(req.body)) checkBody(req, req.body, readUrl, await loadInputRules());
    } catch (error) {
      if (error instanceof RefusedInput) sendRefusal(res, error.refusal);
      else if (error instanceof BodyShapeError) {
        sendError(res, 'INVALID_REQUEST', { message: error.message });
      } else next(error);
      return;
    }
    next();
  };
}

type ReadUrl = (value: string) => ReturnType<typeof readReturnUrl>;

class RefusedInput extends Error {
  override readonly name = 'RefusedInput';

  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

/** Rewrites the query where a URL in it had to be encoded. */
function checkQuery(req: Request, readUrl: ReadUrl): void {
  const [path = '', query = ''] = splitOnce(req.originalUrl, '?');
  const parameters = [...new URLSearchParams(query)];
  if (!parameters.flat().every(isStorable)) {
    throw new BodyShapeError('A query parameter has a NUL character.');
  }
  const checked = parameters.map(([name, value]) => [name, checkedUrl(name, value, readUrl)]);
  if (checked.some(([, value], index) => value !== parameters[index]?.[1])) {
    req.originalUrl = `${path}?${new URLSearchParams(checked as [string, string][]).toString()}`;
  }
}

/** Replaces the body by what was checked, in the type that it came in. */
function checkBody(
  req: Request,
  body: Buffer,
  readUrl: ReadUrl,
  rules: readonly InputRule[],
): void {
  const isForm = Boolean(req.is(formType));
  const fields = readFields(body, isForm);
  const refusal =
    findRefusal(fields) ??
    rules.map((rule) => rule(req.path, fields)).find((one) => one !== undefined);
  if (refusal !== undefined) throw new RefusedInput(refusal);
  const checked = withCheckedUrls(fields, readUrl) as Fields;
  const text = isForm
    ? new URLSearchParams(checked as Record<string, string>).toString()
    : JSON.stringify(checked);
  req.body = Buffer.from(text);
  // Without the parameters that somebody may have written behind it: BetterAuth repeats the header in an answer.
  req.headers['content-type'] = isForm ? formType : 'application/json';
}

/** The same value with every URL to return to judged, however deep it stands: body-shape.ts bounds the depth. */
function withCheckedUrls(value: unknown, readUrl: ReadUrl): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => withCheckedUrls(inner, readUrl));
  const entries = Object.entries(value).map(([name, inner]: [string, unknown]) => [
    name,
    typeof inner === 'string'
      ? checkedUrl(name, inner, readUrl)
      : withCheckedUrls(isReturnField(name) ? checkedList(name, inner, readUrl) : inner, readUrl),
  ]);
  return Object.fromEntries(entries) as Fields;
}

/** Several URLs under one name. */
function checkedList(name: string, value: unknown, readUrl: ReadUrl): unknown {
  if (!Array.isArray(value)) return value;
  return value.map((inner: unknown) =>
    typeof inner === 'string' ? checkedUrl(name, inner, readUrl) : inner,
  );
}

function checkedUrl(name: string, value: string, readUrl: ReadUrl): string {
  if (!isReturnField(name)) return value;
  const read = readUrl(value);
  if ('url' in read) return read.url;
  if (read.fault === 'elsewhere') {
    const message = `${name} leads to a site that is not trusted.`;
    throw new RefusedInput({ status: 403, code: returnFieldCode(name), message });
  }
  const message = `${name} must not have control characters.`;
  throw new RefusedInput({ status: 400, code: 'INVALID_FIELD', message, field: name });
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
