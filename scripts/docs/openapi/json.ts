/** The parts of an OpenAPI document. */
import type { Json, JsonObject } from '../../../src/features/openapi-part.js';

export type { Json, JsonObject };

/** One operation of a path, such as `get`. */
export interface Operation {
  readonly [name: string]: Json;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly responses: JsonObject;
}

/** Path → method → operation. */
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export const json = (schema: Json): JsonObject => ({ 'application/json': { schema } });

export const ref = (kind: 'schemas' | 'responses' | 'headers', name: string): JsonObject => ({
  $ref: `#/components/${kind}/${name}`,
});

/** All entries in one record; of equal names the last one. */
export function merge<Value>(
  records: readonly (Readonly<Record<string, Value>> | undefined)[],
): Record<string, Value> {
  return Object.fromEntries(records.flatMap((record = {}) => Object.entries(record)));
}
