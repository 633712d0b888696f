/** The dashboard and the alerts in deploy/monitoring read metrics that the service really has. */
import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { everyFeatureOn } from './support/every-feature.js';
import { readExposition, type Sample } from './support/exposition.js';
import { startTestService } from './support/test-service.js';
import { until } from './support/until.js';

interface Dashboard {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number };
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

const read = (name: string) => readFile(`deploy/monitoring/${name}`, 'utf8');
let alerts: string;
let dashboard: Dashboard;
let samples: Sample[];
beforeAll(async () => {
  alerts = await read('alerts.yml');
  dashboard = JSON.parse(await read('dashboard.json')) as Dashboard;
  const service = await startTestService({ env: everyFeatureOn });
  await (await fetch(`${service.url}/session`)).text();
  const headers = { 'x-diagnostics-token': everyFeatureOn.DIAGNOSTICS_TOKEN };
  samples = await until(async () => {
    const text = await (await fetch(`${service.url}/metrics`, { headers })).text();
    const found = readExposition(text);
    return found.some(({ labels }) => labels.route === '/session') && found;
  });
  await service.stop();
});

const metricNames = (text: string) =>
  new Set(text.match(/\b(?:auth|nodejs|process)_[a-z0-9_]+\b/g));

/** Counted by labels that only a visitor's behaviour brings: no series before. */
const withoutSeries = ['auth_rate_limited_total'];

test('every metric of the alerts and the dashboard is in /metrics with every feature on', () => {
  const known = new Set([...samples.map(({ name }) => name), ...withoutSeries]);
  const used = metricNames(alerts + JSON.stringify(dashboard));
  expect(used.size).toBeGreaterThan(10);
  expect([...used].filter((name) => !known.has(name))).toEqual([]);
});

test('the objective is a bucket of the histogram, and session checks have their routes', () => {
  expect(alerts).toContain('le="0.25"');
  const buckets = samples.filter(
    ({ name }) => name === 'auth_http_request_duration_seconds_bucket',
  );
  expect(buckets.map(({ labels }) => labels.le)).toContain('0.25');
  expect(buckets.map(({ labels }) => labels.route)).toContain('/session');
});

test('every reason that an alert or a panel names exists', () => {
  const reasons = samples
    .filter(({ name }) => name === 'auth_session_checks_total')
    .map(({ labels }) => String(labels.reason));
  const selectors = `${alerts}${JSON.stringify(dashboard).replaceAll('\\"', '"')}`.matchAll(
    /reason!?=~?"([^"]+)"/g,
  );
  for (const [, selector = ''] of selectors) {
    for (const pattern of selector.split('|')) {
      const matches = new RegExp(`^(?:${pattern})$`);
      expect(
        reasons.filter((reason) => matches.test(reason)),
        pattern,
      ).not.toEqual([]);
    }
  }
});

test('every alert has a section in docs/monitoring.md that its runbook links to', async () => {
  const names = [...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => String(name));
  const page = await readFile('docs/monitoring.md', 'utf8');
  const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  expect(sections).toEqual(expect.arrayContaining(names));
  expect([...sections].sort()).toEqual([...names].sort());
  const runbooks = [...alerts.matchAll(/runbook: docs\/monitoring\.md#(\w+)/g)];
  expect(runbooks.map(([, anchor]) => anchor)).toEqual(names.map((name) => name.toLowerCase()));
});

test('the panels of the dashboard have ids of their own, queries, and places within 24 columns', () => {
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x},${y}`)).size).toBe(panels.length);
  for (const { title, gridPos, targets } of panels) {
    expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
    expect(
      targets.every(({ expr }) => expr !== ''),
      title,
    ).toBe(true);
  }
});
