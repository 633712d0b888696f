/**
 * Validates a request to BetterAuth (body, query, return URLs) before any database query or password hash, and passes on
 * the parsed values re-serialized: BetterAuth parses no byte that was not parsed here.
 */
import type { Request, RequestHandler } from 'express';
import type { IsTrustedOrigin } from '../config/trusted-origin.js';
import { BodyShapeError, isStorable, readFields, type Fields } from './body-shape.js';
import { findRefusal, type InputRule, type Refusal } from './field-rules.js';
import { isReturnField, readReturnUrl, returnFieldCode } from './return-url.js';
import { sendError, sendRefusal } from './send-error.js';

const formType = 'application/x-www-form-urlencoded';

/** Loads the rules of the enabled features, once. */
export type LoadInputRules = () => Promise<readonly InputRule[]>;

/** @param baseUrl of this service, against which paths are resolved */
export function validateInput(
  baseUrl: string,
  isTrusted: IsTrustedOrigin,
  loadInputRules: LoadInputRules,
): RequestHandler {
  const readUrl = (value: string) => readReturnUrl(value, baseUrl, isTrusted);

  return async function validateRequest(req, res, next) {
    try {
      checkQuery(req, readUrl);
      if (Buffer.isBuffer(req.body)) checkBody(req, req.body, readUrl, await loadInputRules());
    } catch (error) {
      if (error instanceof RejectedInput) sendRefusal(res, error.refusal);
      else if (error instanceof BodyShapeError) {
        sendError(res, 'INVALID_REQUEST', { message: error.message });
      } else next(error);
      return;
    }
    next();
  };
}

type ReadUrl = (value: string) => ReturnType<typeof readReturnUrl>;

class RejectedInput extends Error {
  override readonly name = 'RejectedInput';

  constructor(readonly refusal: Refusal) {
    super(refusal.code);
  }
}

/** Rewrites the query if a URL in it had to be encoded. */
function checkQuery(req: Request, readUrl: ReadUrl): void {
  const [path = '', query = ''] = splitOnce(req.originalUrl, '?');
  const parameters = [...new URLSearchParams(query)];
  if (!parameters.flat().every(isStorable)) {
    throw new BodyShapeError('A query parameter contains a NUL character.');
  }
  const checked = parameters.map(([name, value]) => [name, checkedUrl(name, value, readUrl)]);
  if (checked.some(([, value], index) => value !== parameters[index]?.[1])) {
    req.originalUrl = `${path}?${new URLSearchParams(checked as [string, string][]).toString()}`;
  }
}

/** Replaces the body with the validated fields, in the same content type. */
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
  if (refusal !== undefined) throw new RejectedInput(refusal);
  const checked = withCheckedUrls(fields, readUrl) as Fields;
  const text = isForm
    ? new URLSearchParams(checked as Record<string, string>).toString()
    : JSON.stringify(checked);
  req.body = Buffer.from(text);
  // Without parameters, because BetterAuth echoes the header in a response.
  req.headers['content-type'] = isForm ? formType : 'application/json';
}

/** The same value with all return URLs validated, at any depth: body-shape.ts limits the depth. */
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

/** An array of URLs in one field. */
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
    const message = `${name} points to a site that is not trusted.`;
    throw new RejectedInput({ status: 403, code: returnFieldCode(name), message });
  }
  const message = `${name} must not contain control characters.`;
  throw new RejectedInput({ status: 400, code: 'INVALID_FIELD', message, field: name });
}

function splitOnce(text: string, separator: string): string[] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
