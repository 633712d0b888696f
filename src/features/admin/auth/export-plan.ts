/**
 * What the export of a user has of each table, and what it leaves out and why. tests/features/admin/export.test.ts compares
 * it with the schema, so that a new table or column needs a decision.
 */

const credential = 'a credential, or what one is derived from';
const encrypted = 'encrypted with the secret of the service, and deleted once it is not needed';
const internal = 'random, and says nothing about the user';

export interface ExportedTable {
  /** The column with the user's id, or `email` for the address. */
  readonly by: string;
  readonly columns: readonly string[];
  /** Column → why it is left out. */
  readonly omitted: Readonly<Record<string, string>>;
}

/** By the name of the table in the database; columns by their names in the schema. */
export const exportPlan = {
  user: {
    by: 'id',
    columns: [
      'id',
      'name',
      'email',
      'emailVerified',
      'image',
      'createdAt',
      'updatedAt',
      'deleteAfter',
      'lockedAt',
      'role',
      'profile',
      'twoFactorEnabled',
    ],
    omitted: {},
  },
  session: {
    by: 'userId',
    columns: [
      'id',
      'createdAt',
      'updatedAt',
      'expiresAt',
      'ipAddress',
      'userAgent',
      'aal',
      'methods',
      'provenAt',
      'secondFactorDue',
      'impersonatedBy',
    ],
    omitted: { token: credential, userId: 'the user' },
  },
  account: {
    by: 'userId',
    columns: [
      'id',
      'accountId',
      'providerId',
      'accessTokenExpiresAt',
      'refreshTokenExpiresAt',
      'scope',
      'createdAt',
      'updatedAt',
    ],
    omitted: {
      userId: 'the user',
      password: credential,
      accessToken: credential,
      refreshToken: credential,
      idToken: credential,
    },
  },
  mailed_link: {
    by: 'userId',
    columns: ['purpose', 'email', 'emailProven', 'createdAt', 'expiresAt', 'usedAt', 'replacedAt'],
    omitted: { id: credential, userId: 'the user', browser: credential, addressHash: internal },
  },
  magic_link: {
    by: 'email',
    columns: ['email', 'name'],
    omitted: { linkId: credential },
  },
  mail_outbox: {
    by: 'userId',
    columns: [
      'id',
      'template',
      'requestId',
      'state',
      'reason',
      'attempts',
      'nextAttemptAt',
      'createdAt',
      'expiresAt',
      'sentAt',
    ],
    omitted: { payload: encrypted, userId: 'the user' },
  },
  passkey: {
    by: 'userId',
    columns: [
      'id',
      'name',
      'credentialId',
      'deviceType',
      'backedUp',
      'transports',
      'aaguid',
      'counter',
      'createdAt',
      'lastUsedAt',
    ],
    omitted: { publicKey: 'of no use without the device', userId: 'the user' },
  },
  passkey_user: { by: 'userId', columns: ['handle'], omitted: { userId: 'the user' } },
  totp_secret: {
    by: 'userId',
    columns: ['confirmedAt', 'newSecretAt'],
    omitted: {
      userId: 'the user',
      secret: credential,
      newSecret: credential,
      lastStep: credential,
      revealedStep: credential,
    },
  },
  backup_code: {
    by: 'userId',
    columns: ['createdAt', 'isActive', 'usedAt'],
    omitted: { id: credential, userId: 'the user' },
  },
  known_device: {
    by: 'userId',
    columns: ['browser', 'network', 'seenAt'],
    omitted: { userId: 'the user' },
  },
  verification: {
    by: 'value',
    columns: ['createdAt', 'updatedAt', 'expiresAt'],
    omitted: { id: internal, identifier: credential, value: 'the user' },
  },
  redirect_flow: {
    by: 'linkUserId',
    columns: ['provider', 'origin', 'createdAt', 'codeExpiresAt', 'redeemedAt'],
    omitted: {
      id: internal,
      challenge: credential,
      codeHash: credential,
      identity: encrypted,
      linkUserId: 'the user',
      linkId: credential,
    },
  },
  audit_event: {
    by: 'userId',
    columns: [
      'id',
      'at',
      'kind',
      'outcome',
      'reason',
      'account',
      'session',
      'requestId',
      'actor',
      'actorId',
      'device',
      'network',
      'site',
      'count',
      'firstAt',
      'lastAt',
      'details',
    ],
    omitted: { userId: 'the user' },
  },
  webhook_delivery: {
    by: 'userId',
    columns: ['eventId', 'payload', 'state', 'reason', 'attempts', 'createdAt', 'sentAt'],
    omitted: {
      sequence: internal,
      endpoint: 'identifies the receiver, which is the operator’s',
      userId: 'the user',
      nextAttemptAt: internal,
    },
  },
} as const satisfies Readonly<Record<string, ExportedTable>>;

/** Tables that have nothing of a single user, or nothing by which it could be found. */
export const notExported: Readonly<Record<string, string>> = {
  deployment_canary: 'deployments of the service',
  ended_session: 'hashes of tokens with the reason of the end: not of use to find a user',
  jwks: 'signing keys of the service',
  passkey_challenge: 'random numbers that were used',
  rate_limit: 'counters under keyed hashes, deleted after their window',
  replica_heartbeat: 'random numbers of the service’s own processes',
  trusted_device: 'belongs to a row of verification, and has the name of a browser',
};
