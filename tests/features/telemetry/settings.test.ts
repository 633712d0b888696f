import { describe, expect, test } from 'vitest';
import { parseKeyValues } from '../../../src/features/telemetry/key-value-list.js';
import { readConfig } from '../../../src/config/config.js';
import {
  findingCodes,
  findingsOf,
  testNow,
  validEnvironment,
} from '../../support/configuration.js';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otlp.example.com/otlp/' };
const settingsOf = (env: Record<string, string>) =>
  readConfig({ ...validEnvironment, ...env }, testNow).features.telemetry;

describe('telemetry is', () => {
  test.each([
    ['off without an endpoint', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }],
    ['off with OTEL_SDK_DISABLED', { ...endpoint, OTEL_SDK_DISABLED: 'true' }],
    [
      'off with neither exporter',
      { ...endpoint, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
    ],
  ])('%s', (_, env) => {
    expect(settingsOf(env)).toBeUndefined();
  });

  test('on with an endpoint, and follows the sampler of the caller by default', () => {
    expect(settingsOf(endpoint)).toEqual({
      endpoint: 'https://otlp.example.com/otlp',
      headers: {},
      serviceName: 'auth-service',
      resourceAttributes: {},
      sampler: 'parentbased_always_on',
      ratio: 1,
      traces: true,
      metrics: true,
    });
  });
});

test('the name of the service is that of the resource, unless OTEL_SERVICE_NAME is set', () => {
  const named = { ...endpoint, OTEL_RESOURCE_ATTRIBUTES: 'service.name=a,team=b' };
  expect(settingsOf(named)).toMatchObject({ serviceName: 'a', resourceAttributes: { team: 'b' } });
  expect(settingsOf({ ...named, OTEL_SERVICE_NAME: 'c' })).toMatchObject({ serviceName: 'c' });
});

test.each([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://user:zq7secret@otlp.example.com'],
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'https://otlp.example.com?key=zq7secret'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'zq7secret'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'key=%zq7secret'],
  ['OTEL_EXPORTER_OTLP_HEADERS', 'key=zq7secret%0d%0aother: x'],
  ['OTEL_TRACES_SAMPLER', 'sometimes'],
  ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ['OTEL_TRACES_EXPORTER', 'zipkin'],
])('a faulty %s is refused by name, without its value', (variable, value) => {
  const found = findingsOf({ ...endpoint, [variable]: value });
  expect(found.map((each) => each.variable)).toContain(variable);
  expect(JSON.stringify(found)).not.toContain('zq7secret');
});

test('headers over plain http on a public network are TELEMETRY_NOT_ENCRYPTED', () => {
  const headers = { OTEL_EXPORTER_OTLP_HEADERS: 'key=secret' };
  const at = (url: string) => findingCodes({ ...headers, OTEL_EXPORTER_OTLP_ENDPOINT: url }).join();
  expect(at('http://otlp.example.com')).toContain('TELEMETRY_NOT_ENCRYPTED');
  expect(at('https://otlp.example.com')).not.toContain('TELEMETRY_NOT_ENCRYPTED');
  expect(at('http://localhost:4318')).not.toContain('TELEMETRY_NOT_ENCRYPTED');
});

test('grpc is TELEMETRY_PROTOCOL_NOT_SPOKEN', () => {
  const at = (protocol: string) =>
    findingCodes({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: protocol }).join();
  expect(at('grpc')).toContain('TELEMETRY_PROTOCOL_NOT_SPOKEN');
  expect(at('http/protobuf')).not.toContain('TELEMETRY_PROTOCOL_NOT_SPOKEN');
});

test.each([
  ['a=b', { a: 'b' }],
  [' a = b , c=d ', { a: 'b', c: 'd' }],
  ['a=b=c', { a: 'b=c' }],
  ['a=%20', { a: ' ' }],
  ['a=', { a: '' }],
  ['', {}],
  ['a', undefined],
  ['=b', undefined],
  ['a b=c', undefined],
  ['a=%', undefined],
  ['a=%c3%a9', undefined],
])('the list %j is read as %j', (text, pairs) => {
  expect(parseKeyValues(text)).toEqual(pairs);
});
