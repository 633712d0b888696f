/** A user and a session, as BetterAuth answers them. */

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Undefined if the service does not say. */
  readonly emailVerified?: boolean | undefined;
  readonly image?: string | null | undefined;
  /** The profile fields that the service shows; undefined where it has none. */
  readonly profile?: Readonly<Record<string, unknown>> | undefined;
}

export interface Session {
  readonly id: string;
  /** Identifies the session to `revokeSession`. It is not a credential: only the signed cookie is. */
  readonly token: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly expiresAt: Date;
  readonly ipAddress?: string | null | undefined;
  readonly userAgent?: string | null | undefined;
  /** 2 once a second factor, or a passkey, was proven; undefined if the service does not say. */
  readonly aal?: number | undefined;
}
