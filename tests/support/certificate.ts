/** TLS certificates for servers that tests start. */
import { generate } from 'selfsigned';

export interface Certificate {
  readonly private: string;
  readonly cert: string;
}

/** Self-signed. @param days beginning and end of its validity, in days from now */
export async function certificateFor(
  name: string,
  days: readonly [from: number, to: number] = [-1, 1],
): Promise<Certificate> {
  const [notBeforeDate, notAfterDate] = days.map((day) => new Date(Date.now() + day * 86_400_000));
  return generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(notBeforeDate && { notBeforeDate }),
    ...(notAfterDate && { notAfterDate }),
  });
}

/** Signed by an authority that no client trusts and that the server does not send. */
export async function certificateOfUnknownAuthority(name: string): Promise<Certificate> {
  const authority = await certificateFor('Authority of this test');
  return generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca: { key: authority.private, cert: authority.cert },
  });
}
