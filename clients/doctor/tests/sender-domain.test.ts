/** SPF, DKIM and DMARC: what is missing, weak or broken, and DNS that does not answer. */
import { createSocket, type Socket } from 'node:dgram';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { checkSenderDomain } from '../src/checks/sender-domain.js';
import { createLookupTxt, NoDnsResponseError } from '../src/dns-client.js';
import type { Finding } from '../src/finding.js';

const keyOf = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength })
    .publicKey.export({ type: 'spki', format: 'der' })
    .toString('base64');
const goodKey = keyOf(2048);

const good: Readonly<Record<string, readonly string[]>> = {
  'acme.com': ['v=spf1 include:mail.net ~all', 'site-verification=1'],
  'resend._domainkey.acme.com': [`v=DKIM1; k=rsa; p=${goodKey}`],
  '_dmarc.acme.com': ['v=DMARC1; p=quarantine; rua=mailto:dmarc@acme.com'],
};

async function check(
  records: Readonly<Record<string, readonly string[]>>,
  dkimSelectors: readonly string[] = [],
  domain = 'acme.com',
): Promise<Finding[]> {
  const lookupTxt = (name: string) => Promise.resolve(records[name] ?? []);
  const findings: Finding[] = [];
  for await (const finding of checkSenderDomain({ lookupTxt, dkimSelectors }, domain)) {
    findings.push(finding);
  }
  return findings;
}
const codes = (findings: readonly Finding[]) =>
  findings.map(({ status, code }) => `${status} ${code}`);

test('a domain with all three records has no findings to fix', async () => {
  expect(codes(await check(good))).toEqual(['ok SPF', 'ok DKIM', 'ok DMARC']);
});

test('a domain without records gets the records to add', async () => {
  const findings = await check({});
  expect(codes(findings)).toEqual([
    'warn SPF_MISSING',
    'unknown DKIM_NOT_FOUND',
    'warn DMARC_MISSING',
  ]);
  expect(findings[0]?.fix).toContain('add a TXT record to acme.com: v=spf1 ');
  expect(findings[1]?.fix).toContain('--dkim-selector');
  expect(findings[2]?.fix).toBe(
    'add a TXT record to _dmarc.acme.com: v=DMARC1; p=quarantine; rua=mailto:dmarc@acme.com',
  );
});

describe('SPF', () => {
  test.each([
    ['v=spf1 -all', 'ok SPF'],
    ['v=spf1 redirect=_spf.mail.net', 'ok SPF'],
    ['V=SPF1 mx ~ALL', 'ok SPF'],
    ['v=spf1 include:mail.net +all', 'fail SPF_ALLOWS_ALL'],
    ['v=spf1 include:mail.net all', 'fail SPF_ALLOWS_ALL'],
    ['v=spf1 include:mail.net ?all', 'warn SPF_NEUTRAL'],
    ['v=spf1 include:mail.net', 'warn SPF_NEUTRAL'],
    [`v=spf1 ${'include:a.net '.repeat(11)}-all`, 'fail SPF_TOO_MANY_LOOKUPS'],
    ['v=spf10 -all', 'warn SPF_MISSING'],
  ])('%s: %s', async (record, code) => {
    expect(codes(await check({ ...good, 'acme.com': [record] }))).toContain(code);
  });

  test('two records are invalid', async () => {
    const records = { ...good, 'acme.com': ['v=spf1 -all', 'v=spf1 mx -all'] };
    expect(codes(await check(records))).toContain('fail SPF_DUPLICATE');
  });

  test('one at send. counts, where mail providers have their envelope sender', async () => {
    const records = { ...good, 'acme.com': [], 'send.acme.com': ['v=spf1 include:mail.net ~all'] };
    expect(codes(await check(records))).toContain('ok SPF');
  });
});

describe('DKIM', () => {
  const name = 's9._domainkey.acme.com';
  test.each([
    [`v=DKIM1; p=${goodKey}`, 'ok DKIM'],
    ['v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=', 'ok DKIM'],
    [`p=${keyOf(1024)}`, 'warn DKIM_WEAK'],
    [`p=${keyOf(512)}`, 'fail DKIM_WEAK'],
    [`p=${goodKey.slice(0, 200)}`, 'fail DKIM_INVALID'],
    ['v=DKIM1; p=', 'warn DKIM_REVOKED'],
    [`v=DKIM1; t=y:s; p=${goodKey}`, 'warn DKIM_TESTING'],
  ])('%s: %s', async (record, code) => {
    expect(codes(await check({ ...good, [name]: [record] }, ['s9']))).toContain(code);
  });

  test('a missing key at a given selector is a fault', async () => {
    const findings = await check(good, ['s9']);
    expect(codes(findings)).toContain('fail DKIM_MISSING');
    expect(findings.find(({ code }) => code === 'DKIM_MISSING')?.fix).toContain(name);
  });
});

describe('DMARC', () => {
  test.each([
    ['v=DMARC1; p=reject', 'ok DMARC'],
    ['v=DMARC1;p=none', 'warn DMARC_NONE'],
    ['v=DMARC1; p=reject; pct=20', 'warn DMARC_PARTIAL'],
    ['v=DMARC1; rua=mailto:x@acme.com', 'fail DMARC_INVALID'],
    ['v=DMARC2; p=reject', 'warn DMARC_MISSING'],
  ])('%s: %s', async (record, code) => {
    expect(codes(await check({ ...good, '_dmarc.acme.com': [record] }))).toContain(code);
  });

  test('a subdomain has the policy of its organization', async () => {
    const of = async (record: string) =>
      codes(await check({ '_dmarc.acme.com': [record] }, [], 'mail.acme.com'));
    expect(await of('v=DMARC1; p=reject')).toContain('ok DMARC');
    expect(await of('v=DMARC1; p=reject; sp=none')).toContain('warn DMARC_NONE');
  });

  test('two records are invalid', async () => {
    const records = { ...good, '_dmarc.acme.com': ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] };
    expect(codes(await check(records))).toContain('fail DMARC_DUPLICATE');
  });
});

test.each(['localhost.example', 'mailpit', 'auth.test'])(
  '%s is a reserved name',
  async (domain) => {
    expect(codes(await check(good, [], domain))).toEqual(['unknown SENDER_DOMAIN_RESERVED']);
  },
);

test('DNS that does not answer is one sentence, not a fault', async () => {
  const lookupTxt = (name: string) => Promise.reject(new NoDnsResponseError(name, 'ETIMEOUT'));
  const findings: Finding[] = [];
  for await (const each of checkSenderDomain({ lookupTxt, dkimSelectors: [] }, 'acme.com')) {
    findings.push(each);
  }
  expect(codes(findings)).toEqual(['unknown DNS_NO_RESPONSE']);
  expect(findings[0]?.message).toContain('DNS did not answer for acme.com (ETIMEOUT)');
});

describe('over real DNS', () => {
  const sockets: Socket[] = [];
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });

  /** @param code 0: a TXT record of two chunks, 3: no such name, 5: refused */
  async function dnsServer(code: number): Promise<string> {
    const socket = createSocket('udp4');
    sockets.push(socket);
    socket.on('message', (query, { port, address }) => {
      const question = query.subarray(12, query.indexOf(0, 12) + 5);
      const header = Buffer.from([
        0,
        0,
        0x81,
        0x80 + code,
        0,
        1,
        0,
        code === 0 ? 1 : 0,
        0,
        0,
        0,
        0,
      ]);
      query.copy(header, 0, 0, 2);
      const data = Buffer.from('\x06v=spf1\x05 -all', 'latin1');
      const answer = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 0, 0, data.length]);
      const records = code === 0 ? [answer, data] : [];
      socket.send(Buffer.concat([header, question, ...records]), port, address);
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return `127.0.0.1:${socket.address().port}`;
  }

  test('the chunks of a record are one text', async () => {
    const lookupTxt = createLookupTxt([await dnsServer(0)]);
    expect(await lookupTxt('acme.com')).toEqual(['v=spf1 -all']);
  });

  test('a name that does not exist has no records', async () => {
    expect(await createLookupTxt([await dnsServer(3)])('acme.com')).toEqual([]);
  });

  test('a server that refuses has not answered', async () => {
    const lookupTxt = createLookupTxt([await dnsServer(5)]);
    await expect(lookupTxt('acme.com')).rejects.toThrow(NoDnsResponseError);
  });
});
