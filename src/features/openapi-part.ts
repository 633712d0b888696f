/** What a feature adds to docs/openapi.json. Plain data, which only `npm run docs` reads: the service never loads it. */

export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** Path → method → description. */
type OpenApiRoutes = Readonly<
  Record<string, Partial<Readonly<Record<'get' | 'post', OpenApiRoute>>>>
>;

/** A route that is not BetterAuth's. */
export interface OpenApiRoute {
  /** One sentence, also in the table of endpoints. */
  readonly summary: string;
  /** Alternatives, each a name of `securitySchemes`; none for a public route. */
  readonly security: readonly string[];
  /** Of the path and the query. */
  readonly parameters?: readonly JsonObject[];
  readonly requestBody?: JsonObject;
  /** Schema of a JSON response with status 200, or `text` for plain text. */
  readonly success: JsonObject | 'text';
  /** The statuses of its error responses. */
  readonly errors: readonly number[];
}

/** An endpoint of BetterAuth. */
export interface OpenApiEndpoint {
  readonly method: 'get' | 'post';
  /** One sentence, where BetterAuth has no description. */
  readonly summary?: string;
  /** Statuses of error responses that other endpoints do not have. */
  readonly errors?: readonly number[];
  /** Whether it needs no session. */
  readonly isPublic?: boolean;
  /** Schema of its success, where BetterAuth's own description differs from the response. */
  readonly success?: JsonObject;
}

export interface OpenApiPart {
  readonly securitySchemes?: JsonObject;
  readonly routes?: OpenApiRoutes;
  /** Endpoints of BetterAuth that exist only while the feature is on, by path below `/api/auth`. */
  readonly endpoints?: Readonly<Record<string, OpenApiEndpoint>>;
  /** Path below `/api/auth` → name → schema of a field of the request body. */
  readonly bodyFields?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  /** Name → schema of a field of the user, as get-session and `/session` return it. */
  readonly userFields?: Readonly<Record<string, JsonObject>>;
  /** Status → name → schema of a field of the error responses with this status. */
  readonly errorFields?: Readonly<Record<number, Readonly<Record<string, JsonObject>>>>;
}
