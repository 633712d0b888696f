/** A user as a source describes it: read, not yet checked. */

export interface SourceLogin {
  /** The source's name for the provider. */
  readonly provider: string;
  /** The provider's own id of the user. */
  readonly subject: string;
}

export interface SourceUser {
  readonly id?: string | undefined;
  readonly email?: string | undefined;
  /** True only if the source says so explicitly. */
  readonly emailVerified: boolean;
  readonly name?: string | undefined;
  readonly image?: string | undefined;
  /** ISO 8601, or milliseconds since 1970. */
  readonly createdAt?: string | number | undefined;
  readonly hash?: string | undefined;
  readonly logins: readonly SourceLogin[];
  /** Blocked, banned, disabled or deleted at the source. */
  readonly isBlocked: boolean;
  /** Second factors are not imported. */
  readonly hasSecondFactor: boolean;
  readonly profile?: Readonly<Record<string, unknown>> | undefined;
}

export interface Source {
  /** @returns undefined if the line is not a user of this source */
  read(line: object): SourceUser | undefined;
  /** The source's names for providers of this service. */
  readonly providers: Readonly<Record<string, string>>;
}
