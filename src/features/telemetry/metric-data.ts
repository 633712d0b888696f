/** From prom-client's metrics to OpenTelemetry's, under the same names, so that dashboards fit both. */
import { ValueType, type HrTime } from '@opentelemetry/api';
import { millisToHrTime } from '@opentelemetry/core';
import {
  AggregationTemporality,
  DataPointType,
  type DataPoint,
  type Histogram,
  type MetricData,
} from '@opentelemetry/sdk-metrics';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';

type PrometheusMetric = MetricObjectWithValues<MetricValue<string>>;
type Labels = Readonly<Record<string, string | number>>;

/** @param since when counting began */
export function toMetricData(
  metrics: readonly PrometheusMetric[],
  since: Date,
  now: Date,
): MetricData[] {
  const times = { startTime: toHrTime(since), endTime: toHrTime(now) };
  return metrics.flatMap(({ name, help, type, values }): MetricData[] => {
    const base = {
      descriptor: { name, description: help, unit: '', valueType: ValueType.DOUBLE },
      aggregationTemporality: AggregationTemporality.CUMULATIVE,
    };
    const kind = String(type);
    if (kind === 'histogram') {
      const dataPoints = toHistograms(name, values).map((point) => ({ ...times, ...point }));
      return [{ ...base, dataPointType: DataPointType.HISTOGRAM, dataPoints }];
    }
    // A gauge may be NaN before it was first measured, which JSON cannot say.
    const dataPoints = values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ labels, value }) => ({ ...times, attributes: { ...labels }, value }));
    if (kind === 'counter') {
      return [{ ...base, dataPointType: DataPointType.SUM, dataPoints, isMonotonic: true }];
    }
    return kind === 'gauge' ? [{ ...base, dataPointType: DataPointType.GAUGE, dataPoints }] : [];
  });
}

function toHrTime(time: Date): HrTime {
  return millisToHrTime(time.getTime());
}

type HistogramPoint = Pick<DataPoint<Histogram>, 'attributes' | 'value'>;

/** prom-client lists a histogram as one value for each bucket, cumulative, one for the sum and one for the count. */
function toHistograms(name: string, values: PrometheusMetric['values']): HistogramPoint[] {
  const series = new Map<string, { attributes: Labels; le: number[]; to: number[]; sum: number }>();
  for (const { labels, value, metricName } of values as readonly (MetricValue<string> & {
    readonly metricName?: string;
  })[]) {
    const { le, ...attributes } = labels as Labels;
    const key = JSON.stringify(attributes);
    const point = series.get(key) ?? { attributes, le: [], to: [], sum: 0 };
    series.set(key, point);
    if (metricName === `${name}_sum`) point.sum = value;
    if (metricName !== `${name}_bucket` || le === undefined) continue;
    if (le !== '+Inf') point.le.push(Number(le));
    point.to.push(value);
  }
  return [...series.values()].map(({ attributes, le, to, sum }) => {
    const counts = to.map((upTo, index) => upTo - (to[index - 1] ?? 0));
    const buckets = { boundaries: le, counts };
    return { attributes: { ...attributes }, value: { buckets, sum, count: to.at(-1) ?? 0 } };
  });
}
