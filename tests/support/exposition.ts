/**
 * Parses Prometheus's text exposition format 0.0.4 strictly.
 * Source: prometheus.io/docs/instrumenting/exposition_formats, "Text format details".
 */

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const help = /^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) (?:[^\\]|\\\\|\\n)*$/;
const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary|untyped)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"/g;
/** Values as parsed by Go's ParseFloat, which ignores case: prom-client writes `Nan`. */
const sample =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\]|\\["\\n])*",?)*)\})? (nan|[+-]?inf|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/i;

/** @throws with the first invalid line */
export function readExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const kinds = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.slice(0, -1).split('\n')) {
    const kind = type.exec(line);
    const found = sample.exec(line);
    if (line === '' || help.test(line)) continue;
    if (kind !== null) {
      if (kinds.has(kind[1] ?? '')) throw new Error(`a second TYPE: ${line}`);
      kinds.set(kind[1] ?? '', kind[2] ?? '');
    } else if (found !== null) {
      const [, name = '', labels = '', value = ''] = found;
      const family = [name, name.replace(/_(?:bucket|sum|count)$/, '')].find((n) => kinds.has(n));
      if (family === undefined) throw new Error(`no TYPE before: ${line}`);
      samples.push({ name, labels: readLabels(labels), value: readNumber(value) });
    } else {
      throw new Error(`neither comment nor sample: ${line}`);
    }
  }
  const series = samples.map(
    ({ name, labels }) => name + JSON.stringify(Object.entries(labels).sort()),
  );
  const twice = series.find((one, index) => series.indexOf(one) !== index);
  if (twice !== undefined) throw new Error(`a series twice: ${twice}`);
  return samples;
}

function readLabels(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(label)].map(([, name = '', value = '']) => [name, value]),
  );
}

function readNumber(text: string): number {
  return Number(text.replace(/inf/i, 'Infinity'));
}
