/** JSON as the OpenAPI document holds it. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

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
