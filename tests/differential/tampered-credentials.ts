/** What browsers, proxies, frameworks and attackers do to a value in transit, as functions that can be chained. */
import * as fc from 'fast-check';

export type Tamper = (value: string) => string;

/** Text with a meaning for some parser. */
const oddPieces = [
  ...['"', "'", '=', '==', ';', ',', '.', '%', '%zz', '%2', '%00', '%2E', '%25', '+', '-', '_'],
  ...[' ', '\t', '\u00a0', '\u00ff', '€', '%E2%82%AC', '%C0%AE', '%ED%A0%80', '\\', '/', '|', ':'],
  ...['; $Path=/', '; Path=/; HttpOnly', 'theme=dark', '__proto__'],
];

const anywhere = fc.nat({ max: 200 });
const oddPiece = fc.constantFrom(...oddPieces);

const replaceAt = (value: string, at: number, by: string) =>
  value.slice(0, at) + by + value.slice(at + 1);

/** Flips one bit; the result may not be a printable character. */
function flip(value: string, at: number, bit: number): string {
  const code = (value.charCodeAt(at) ^ (1 << bit)) & 0xff;
  return replaceAt(value, at, String.fromCharCode(code));
}

/** Other percent-encodings: of every byte, with lower-case digits, of dots only. */
const encodeAll: Tamper = (value) =>
  [...Buffer.from(value)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const lowerHex: Tamper = (value) => value.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase());
const encodeDots: Tamper = (value) => value.replaceAll('.', '%2E');

const decode: Tamper = (value) => {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
};

const wholesale: readonly Tamper[] = [
  (value) => `"${value}"`,
  (value) => `"${value}`,
  (value) => `${value}"`,
  (value) => `'${value}'`,
  (value) => `""${value}""`,
  (value) => ` ${value} `,
  (value) => `\t${value}\u00a0`,
  (value) => `=${value}`,
  encodeURIComponent,
  (value) => encodeURIComponent(encodeURIComponent(value)),
  decode,
  encodeAll,
  lowerHex,
  encodeDots,
  (value) => decode(value).replaceAll('+', ' '),
  (value) => value.replaceAll('%2B', ' ').replaceAll('+', ' '),
  (value) => value.replace(/(?:=|%3D)$/i, ''),
  (value) => decode(value).replaceAll('+', '-').replaceAll('/', '_'),
  (value) => decode(value).replaceAll('+', '-').replaceAll('/', '_').replace(/=$/, ''),
  (value) => value.toLowerCase(),
  (value) => value.slice(0, value.search(/\.|$/)),
  (value) => value.slice(value.search(/\.|$/)),
  (value) => `${value},${value}`,
  (value) => `${value}.${value}`,
  () => '',
];

const tampering: fc.Arbitrary<Tamper> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...wholesale) },
  { weight: 1, arbitrary: anywhere.map((at) => (value: string) => value.slice(0, -1 - at)) },
  { weight: 1, arbitrary: anywhere.map((at) => (value: string) => value.slice(at)) },
  { weight: 1, arbitrary: oddPiece.map((piece) => (value: string) => value + piece) },
  {
    weight: 2,
    arbitrary: fc.tuple(anywhere, fc.nat({ max: 7 })).map(
      ([at, bit]) =>
        (value: string) =>
          flip(value, at % (value.length + 1), bit),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(anywhere, oddPiece).map(([at, piece]) => (value: string) => {
      const place = at % (value.length + 1);
      return value.slice(0, place) + piece + value.slice(place);
    }),
  },
);

/** Up to three tamperings in sequence, usually none. */
export const tamperings: fc.Arbitrary<Tamper> = fc
  .oneof(
    { weight: 8, arbitrary: fc.constant<Tamper[]>([]) },
    { weight: 3, arbitrary: fc.array(tampering, { minLength: 1, maxLength: 1 }) },
    { weight: 2, arbitrary: fc.array(tampering, { minLength: 2, maxLength: 3 }) },
  )
  .map((chain) => (value) => chain.reduce((tampered, tamper) => tamper(tampered), value));
