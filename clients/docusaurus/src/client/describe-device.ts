/** "Firefox on Linux", from the User-Agent header: enough to recognize one's own device in a list. */
import { translate } from '@docusaurus/Translate';

/** In order of precedence: Edge and Opera also contain Chrome, and almost all contain Safari. */
const browsers: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

export function describeDevice(userAgent: string | null | undefined): string {
  const browser = find(browsers, userAgent ?? '') ?? unknownBrowser();
  const system = find(systems, userAgent ?? '');
  if (system === undefined) return browser;
  return translate(
    {
      id: 'theme.auth.device',
      message: '{browser} on {system}',
      description: 'A device in the list of sessions, such as "Firefox on Linux"',
    },
    { browser, system },
  );
}

function unknownBrowser(): string {
  return translate({
    id: 'theme.auth.device.unknown',
    message: 'Unknown browser',
    description: 'A device in the list of sessions whose browser is unknown',
  });
}

/** An IPv6 address in its short form: `2001:db8::1`. Undefined if there is none, or for the unspecified address `::`. */
export function shortAddress(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  const url = `http://[${address}]`;
  const short = URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : address;
  return short === '::' ? undefined : short;
}

function find(names: [RegExp, string][], userAgent: string): string | undefined {
  return names.find(([pattern]) => pattern.test(userAgent))?.[1];
}
