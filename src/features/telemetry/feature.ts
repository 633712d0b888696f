/** Telemetry: traces and metrics by OpenTelemetry, for a receiver that the standard variables name. */
import { z } from 'zod';
import { isPrivateNetwork } from '../../config/database-url.js';
import { defineFeature } from '../definition.js';
import { parseKeyValues } from './key-value-list.js';

const samplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const;

export interface TelemetrySettings {
  /** Of OTLP over HTTP, without a slash at the end: `/v1/traces` and `/v1/metrics` follow. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  readonly resourceAttributes: Readonly<Record<string, string>>;
  readonly sampler: (typeof samplers)[number];
  /** 0 to 1, for the samplers by ratio. */
  readonly ratio: number;
  readonly traces: boolean;
  readonly metrics: boolean;
}

const notAList = 'is not a list such as key=value,key=value with percent-encoded values';
const list = z.string().refine((text) => parseKeyValues(text) !== undefined, notAList);
const exporter = z.enum(['otlp', 'none']).default('otlp');

export const telemetry = defineFeature({
  name: 'telemetry',
  summary: 'sends traces and metrics by OpenTelemetry to a receiver of OTLP over HTTP',
  variables: {
    OTEL_EXPORTER_OTLP_ENDPOINT: z
      .string()
      .refine(
        isEndpoint,
        'is not an http:// or https:// URL without credentials, query and fragment',
      )
      .optional()
      .describe(
        'where traces and metrics go, such as `http://localhost:4318`: OTLP over HTTP, to which `/v1/traces` and `/v1/metrics` are appended. Nothing is sent or loaded without it',
      ),
    OTEL_EXPORTER_OTLP_HEADERS: list
      .optional()
      .describe('headers for the receiver, such as `authorization=Basic%20dXNlcjprZXk=`: a secret'),
    OTEL_EXPORTER_OTLP_PROTOCOL: z
      .enum(['http/json', 'http/protobuf', 'grpc'])
      .optional()
      .describe(
        'sent is `http/json`, which receivers of `http/protobuf` accept at the same address; `grpc` is not spoken',
      ),
    OTEL_SERVICE_NAME: z
      .string()
      .max(100)
      .optional()
      .describe('the name of this service in traces and metrics, by default `auth-service`'),
    OTEL_RESOURCE_ATTRIBUTES: list
      .optional()
      .describe('further attributes of this deployment, such as `deployment.environment.name=eu`'),
    OTEL_TRACES_SAMPLER: z
      .enum(samplers)
      .default('parentbased_always_on')
      .describe(
        'which requests are traced; those beginning with `parentbased` follow the `traceparent` of the caller, who may be a visitor',
      ),
    OTEL_TRACES_SAMPLER_ARG: z.coerce
      .number()
      .min(0)
      .max(1)
      .default(1)
      .describe('the share of requests for the samplers `…traceidratio`, 0 to 1'),
    OTEL_TRACES_EXPORTER: exporter.describe('`none` sends no traces'),
    OTEL_METRICS_EXPORTER: exporter.describe('`none` sends no metrics'),
    OTEL_SDK_DISABLED: z
      .enum(['true', 'false'])
      .default('false')
      .describe('`true` sends nothing, whatever the other variables say'),
  },
  readSettings(values, _core, report): TelemetrySettings | undefined {
    const endpoint = values.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/+$/, '');
    if (endpoint === undefined || values.OTEL_SDK_DISABLED === 'true') return undefined;
    const headers = parseKeyValues(values.OTEL_EXPORTER_OTLP_HEADERS ?? '') ?? {};
    const { protocol, hostname } = new URL(endpoint);
    if (protocol === 'http:' && Object.keys(headers).length > 0 && !isPrivateNetwork(hostname)) {
      report({
        level: 'warn',
        code: 'TELEMETRY_NOT_ENCRYPTED',
        variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
        message: 'is http:// on a public network, where OTEL_EXPORTER_OTLP_HEADERS can be read',
        fix: 'use https://',
      });
    }
    if (values.OTEL_EXPORTER_OTLP_PROTOCOL === 'grpc') {
      report({
        level: 'warn',
        code: 'TELEMETRY_PROTOCOL_NOT_SPOKEN',
        variable: 'OTEL_EXPORTER_OTLP_PROTOCOL',
        message: 'is grpc, which is not spoken: traces and metrics are sent as http/json',
        fix: 'name the address for OTLP over HTTP, usually port 4318, and set http/json',
      });
    }
    const traces = values.OTEL_TRACES_EXPORTER === 'otlp';
    const metrics = values.OTEL_METRICS_EXPORTER === 'otlp';
    if (!traces && !metrics) return undefined;
    const {
      'service.name': named = 'auth-service',
      ...resourceAttributes
    }: Partial<Record<string, string>> =
      parseKeyValues(values.OTEL_RESOURCE_ATTRIBUTES ?? '') ?? {};
    return {
      endpoint,
      headers,
      serviceName: values.OTEL_SERVICE_NAME ?? named,
      resourceAttributes: resourceAttributes as Readonly<Record<string, string>>,
      sampler: values.OTEL_TRACES_SAMPLER,
      ratio: values.OTEL_TRACES_SAMPLER_ARG,
      traces,
      metrics,
    };
  },
  startupFields: (settings) => ({
    telemetry: settings === undefined ? 'off' : new URL(settings.endpoint).host,
  }),
});

function isEndpoint(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  const isPlain = [username, password, search, hash].every((part) => part === '');
  return ['http:', 'https:'].includes(protocol) && isPlain;
}
