/**
 * Names the browser of a User-Agent header, like the list of sessions of the Docusaurus client. Only names of these lists:
 * a mail quotes nothing that a stranger has sent.
 */

type Names = readonly (readonly [RegExp, string])[];

/** In order of precedence: Edge and Opera also contain Chrome, and almost all contain Safari. */
const browsers: Names = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(?:e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const systems: Names = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux|X11/, 'Linux'],
];

/** Like `Firefox (Linux)`. @returns undefined for a program that is none of the known browsers */
export function browserName(userAgent: string | null | undefined): string | undefined {
  const { browser, system } = findNames(userAgent);
  return browser === undefined || system === undefined ? browser : `${browser} (${system})`;
}

/** Like `Firefox on Linux`, as the Docusaurus client lists sessions. @returns undefined as browserName */
export function deviceName(userAgent: string | null | undefined): string | undefined {
  const { browser, system } = findNames(userAgent);
  return browser === undefined || system === undefined ? browser : `${browser} on ${system}`;
}

function findNames(userAgent: string | null | undefined) {
  const [browser, system] = [browsers, systems].map(
    (names) => names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1],
  );
  return { browser, system };
}
