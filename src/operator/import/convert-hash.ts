/** Rewrites the spellings of password hashes in exports into the forms that src/auth/imported-hash.ts verifies. */

/** The password hash parameters of a Firebase project, in Base64 where they are bytes. */
export interface FirebaseProject {
  readonly signerKey: string;
  readonly saltSeparator: string;
  readonly rounds: number;
  readonly memoryCost: number;
}

export function firebaseHash(project: FirebaseProject, salt: string, hash: string): string {
  const { signerKey, saltSeparator, rounds, memoryCost } = project;
  const separator = saltSeparator === '' ? '' : `,ss=${standard(saltSeparator)}`;
  const parameters = `v=1,n=${memoryCost},r=${rounds},p=1${separator},sk=${standard(signerKey)}`;
  return `$fbscrypt$${parameters}$${standard(salt)}$${standard(hash)}`;
}

/** @param salt in Base64, like the key */
export function pbkdf2Hash(
  digest: string | undefined,
  iterations: string | undefined,
  salt: string | undefined,
  key: string | undefined,
): string {
  return `$pbkdf2-${digest ?? ''}$i=${iterations ?? ''}$${salt ?? ''}$${key ?? ''}`;
}

/** @returns the hash unchanged if its spelling is not one of these */
export function convertHash(hash: string): string {
  for (const [form, rewrite] of spellings) {
    const parts = form.exec(hash);
    if (parts !== null) return rewrite(...parts.slice(1));
  }
  return hash;
}

type Rewrite = (...parts: (string | undefined)[]) => string;

const spellings: readonly (readonly [RegExp, Rewrite])[] = [
  // Django: the name of the algorithm before a PHC string, or PBKDF2 with a salt in plain text.
  [/^argon2(\$argon2.+)$/, (phc = '') => phc],
  [/^bcrypt\$(\$2.+)$/, (phc = '') => phc],
  [
    /^pbkdf2_(sha1|sha256)\$(\d+)\$([^$]+)\$([^$]+)$/,
    (digest, iterations, salt, key) => pbkdf2Hash(digest, iterations, toBase64(salt), key),
  ],
  // Kratos: PBKDF2 with the length of the key, scrypt with N instead of its logarithm, Firebase in another order.
  [
    /^\$pbkdf2-(sha1|sha256|sha512)\$i=(\d+),l=\d+\$([^$]+)\$([^$]+)$/,
    (digest, iterations, salt, key) => pbkdf2Hash(digest, iterations, salt, key),
  ],
  [
    /^\$scrypt\$ln=(\d{3,9}),(r=\d+,p=\d+\$.+)$/,
    (N, rest) => `$scrypt$ln=${Math.log2(Number(N))},${rest}`,
  ],
  [
    /^\$firescrypt\$ln=(\d+),r=(\d+),p=1\$([^$]+)\$([^$]+)\$([^$]*)\$([^$]+)$/,
    (ln, r, salt = '', hash = '', saltSeparator = '', signerKey = '') => {
      const cost = { memoryCost: Number(ln), rounds: Number(r) };
      return firebaseHash({ ...cost, saltSeparator, signerKey }, salt, hash);
    },
  ],
  // passlib: its Base64 has . for +, and its `pbkdf2` is SHA-1.
  [
    /^\$pbkdf2(?:-(sha256|sha512))?\$(\d+)\$([./A-Za-z0-9]+)\$([./A-Za-z0-9]+)$/,
    (digest, iterations, salt, key) =>
      pbkdf2Hash(digest ?? 'sha1', iterations, fromPasslib(salt), fromPasslib(key)),
  ],
  // Werkzeug: the salt in plain text, the key in hexadecimal.
  [
    /^pbkdf2:(sha1|sha256|sha512):(\d+)\$([^$]+)\$([0-9a-f]+)$/,
    (digest, iterations, salt, key) =>
      pbkdf2Hash(digest, iterations, toBase64(salt), hexToBase64(key)),
  ],
  [
    /^scrypt:(\d+):(\d+):(\d+)\$([^$]+)\$([0-9a-f]+)$/,
    (N, r, p, salt, key) =>
      `$scrypt$ln=${Math.log2(Number(N))},r=${r},p=${p}$${toBase64(salt)}$${hexToBase64(key)}`,
  ],
];

function toBase64(plain = ''): string {
  return Buffer.from(plain).toString('base64');
}

function hexToBase64(hex = ''): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function fromPasslib(text = ''): string {
  return text.replaceAll('.', '+');
}

/** Firebase's API has the alphabet for URLs. */
function standard(base64: string): string {
  return base64.replaceAll('-', '+').replaceAll('_', '/');
}
