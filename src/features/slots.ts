/** What a feature brings to the running service, and what it may use of it. Each function is given the feature's settings. */
import type { AuditTrail } from '../audit.js';
import type { Auth } from '../auth/create-auth.js';
import type { AuthDependencies } from '../auth/auth-dependencies.js';
import type { AuthPart } from '../auth/auth-part.js';
import type { Config } from '../config/config.js';
import type { Finding } from '../config/finding.js';
import type { EventSender } from '../event-sender.js';
import type { CounterDefinition, Counters } from '../counters.js';
import type { Database } from '../db/client.js';
import type { Swept } from '../db/sweep.js';
import type { InputRule } from '../http/field-rules.js';
import type { MiddlewareResponse } from '../http/middleware.js';
import type { Route } from '../http/route.js';
import type { IdentityProviders } from '../identity-providers.js';
import type { LimitStore } from '../limit-store.js';
import type { Logger } from '../log/logger.js';
import type { MailTemplate, MailWorker } from '../mailer.js';
import type { Metrics } from '../metrics/metrics.js';
import type { RequestScopes } from '../request-scope.js';
import type { SessionReplica } from '../session-replica.js';
import type { CredentialHeaders, CredentialRules } from '../session/credential.js';
import type { Verdict } from '../session/inspector.js';
import type { IdentityFields } from '../session/shown-fields.js';
import type { StartupDescription } from '../startup/startup-report.js';

/** The parts of the service that a feature may use. */
export interface FeatureServices {
  readonly config: Config;
  readonly database: Pick<Database, 'orm' | 'pool'>;
  readonly auth: Auth;
  readonly now: () => Date;
  /** The startup report with the database queried again; never rejects. */
  readonly describeStartup: () => Promise<StartupDescription>;
  /** What requests have revealed since the start. The array grows. */
  readonly requestFindings: readonly Finding[];
  /** Calls the listener after each sweep with the number of deleted rows per table. */
  readonly onSwept: (listener: (swept: Swept) => void) => void;
  /** Undefined where no mail transport is configured. */
  readonly mailer: MailWorker | undefined;
  /** Undefined where no provider is configured. */
  readonly identityProviders: IdentityProviders | undefined;
  /** Undefined where no audit trail is kept. */
  readonly audit: AuditTrail | undefined;
  readonly limits: LimitStore;
  readonly counters: Counters;
  /** Undefined where no feature uses them. */
  readonly metrics: Promise<Metrics> | undefined;
  readonly logger: Logger;
  /** Keeps a platform that suspends the process awake; undefined elsewhere. Call it before the response. */
  readonly waitUntil: ((work: Promise<unknown>) => void) | undefined;
  /** Calls the listener before the process stops, which waits a short time for it. It must not reject. */
  readonly onStop: (listener: () => Promise<void>) => void;
  /**
   * The session of a request, or why there is none; sets `x-session-reason` and the fields of the log line. Never rejects.
   * @param headers with the credentials that count
   */
  readonly checkSession: (headers: CredentialHeaders, res: MiddlewareResponse) => Promise<Verdict>;
  /** The credentials that count, and with what they are signed. */
  readonly credentialRules: CredentialRules;
  /** The maximum time a request waits for the database, in milliseconds. */
  readonly deadlineMs: number;
  /** The fields that a new user must fill in, of all features. */
  readonly requiredSignUpFields: readonly string[];
}

/** What the mailer is created from, before BetterAuth and the routes. */
export interface MailerServices extends Pick<
  FeatureServices,
  'config' | 'database' | 'now' | 'audit'
> {
  readonly logger: Logger;
  readonly count: Counters['count'];
  /** The templates of all enabled features. */
  readonly templates: readonly MailTemplate[];
  /**
   * Runs `work` after the response to the current request, or at once outside a request. The platform stays awake for
   * it, so this must be called before the response. `work` must not reject.
   */
  readonly afterResponse: (work: () => Promise<void>) => void;
}

/** What the audit trail is created from. */
export interface AuditServices extends Pick<FeatureServices, 'database' | 'now'> {
  readonly config: Pick<Config, 'trustedOrigins'>;
  readonly logger: Logger;
  readonly count: Counters['count'];
  readonly scopes: RequestScopes;
  /** Sends events to other systems; undefined where none are sent. */
  readonly sender: Pick<EventSender, 'enqueue'> | undefined;
}

/** What the sender of events is created from. */
export interface EventSenderServices extends Pick<FeatureServices, 'database' | 'now'> {
  readonly logger: Logger;
  readonly count: Counters['count'];
  readonly afterResponse: MailerServices['afterResponse'];
}

/** What a store for limits is created from. */
export interface LimitStoreServices {
  readonly count: Counters['count'];
}

/** What a replica for session checks is created from. */
export interface ReplicaServices extends Pick<FeatureServices, 'database' | 'now'> {
  readonly config: Pick<Config, 'databasePoolSize'>;
  readonly logger: Logger;
  readonly count: Counters['count'];
}

/** From a user and the session, as BetterAuth's get-session responds with them, to claims. */
export type TokenClaims = (
  user: Readonly<Record<string, unknown>>,
  session: Readonly<Record<string, unknown>>,
) => Readonly<Record<string, unknown>>;

/** The run-time slots of a feature; none is used while the feature is off. */
export interface Slots<Settings> {
  /** Which credentials count. */
  readonly credentialRules?: (settings: Settings) => Pick<CredentialRules, 'bearer'>;
  /** Fields of its columns that `/session` shows. */
  readonly publicFields?: (settings: Settings) => Partial<IdentityFields>;
  /** What `GET /api/auth/features` says about it: public, so neither secrets nor a user's data. */
  readonly publicSettings?: (settings: Settings) => Readonly<Record<string, unknown>>;
  /** What it adds to the payload of a user's JSON Web Token. Its columns are in no token otherwise. */
  readonly tokenClaims?: (settings: Settings) => TokenClaims;
  /** The fields that a new user must fill in: without a form for them no account can be created. */
  readonly requiredSignUpFields?: (settings: Settings) => readonly string[];
  /** `() => import('./<name>/input-rule.js')`: checks bodies sent to BetterAuth before anything else looks at them. */
  readonly loadInputRule?: () => Promise<{ createInputRule(settings: Settings): InputRule }>;
  /** The mails that it sends, with their texts. */
  readonly mailTemplates?: (settings: Settings) => readonly MailTemplate[];
  /** Sends the mails of all features; only one feature may fill this slot. Opens no connection yet. */
  readonly createMailer?: (settings: Settings, services: MailerServices) => MailWorker;
  /** Keeps the audit trail; only one feature may fill this slot. Writes nothing yet. */
  readonly createAuditTrail?: (settings: Settings, services: AuditServices) => AuditTrail;
  /** Sends events to other systems; only one feature may fill this slot. Opens no connection yet. */
  readonly createEventSender?: (settings: Settings, services: EventSenderServices) => EventSender;
  /** Counts attempts instead of the database; only one feature may fill this slot. Opens no connection yet. */
  readonly createLimitStore?: (settings: Settings, services: LimitStoreServices) => LimitStore;
  /** Finds sessions for checks instead of the database; only one feature may fill this slot. Opens no connection yet. */
  readonly createSessionReplica?: (settings: Settings, services: ReplicaServices) => SessionReplica;
  /** Talks to identity providers; only one feature may fill this slot. Makes no call yet. */
  readonly createIdentityProviders?: (
    settings: Settings,
    services: Pick<FeatureServices, 'now'>,
  ) => IdentityProviders;
  /** What it counts, by `services.counters.count` and BetterAuth's `dependencies.count`. */
  readonly counters?: readonly CounterDefinition[];
  /** Whether it reads `services.metrics`, which are collected for it. */
  readonly usesMetrics?: true;
  /** Fields of every log line, by the request at hand. */
  readonly logFields?: () => Readonly<Record<string, unknown>>;
  /** Called once, when the service is created. */
  readonly createRoutes?: (settings: Settings, services: FeatureServices) => readonly Route[];
  /** `() => import('./<name>/auth.js')`: dynamic, because a session check must not load BetterAuth. */
  readonly loadAuth?: () => Promise<{
    createAuthPart(
      settings: Settings,
      dependencies: AuthDependencies,
      features: readonly FeatureInfo[],
    ): AuthPart;
  }>;
  /** Asked once the database is ready. @throws what the driver throws */
  readonly findStartupFaults?: (
    settings: Settings,
    services: StartupServices,
  ) => Promise<readonly Finding[]>;
}

/** What BetterAuth's side of a feature may know of the others. */
export type FeatureInfo = Pick<ActiveFeature, 'tokenClaims' | 'requiredSignUpFields'>;

export type StartupServices = Pick<
  FeatureServices,
  'config' | 'database' | 'auth' | 'mailer' | 'identityProviders' | 'now'
>;

/** A feature that is switched on: its slots, bound to its settings. */
export interface ActiveFeature {
  readonly name: string;
  readonly credentialRules?: Pick<CredentialRules, 'bearer'>;
  readonly publicFields?: Partial<IdentityFields>;
  readonly tokenClaims?: TokenClaims;
  readonly publicSettings?: Readonly<Record<string, unknown>>;
  readonly requiredSignUpFields?: readonly string[];
  readonly mailTemplates?: readonly MailTemplate[];
  readonly createMailer?: (services: MailerServices) => MailWorker;
  readonly createAuditTrail?: (services: AuditServices) => AuditTrail;
  readonly createEventSender?: (services: EventSenderServices) => EventSender;
  readonly createLimitStore?: (services: LimitStoreServices) => LimitStore;
  readonly createSessionReplica?: (services: ReplicaServices) => SessionReplica;
  readonly createIdentityProviders?: (services: Pick<FeatureServices, 'now'>) => IdentityProviders;
  readonly counters?: readonly CounterDefinition[];
  readonly usesMetrics?: true;
  readonly logFields?: () => Readonly<Record<string, unknown>>;
  loadInputRule(): Promise<InputRule | undefined>;
  createRoutes(services: FeatureServices): readonly Route[];
  /** @param features all that are on */
  loadAuthPart(
    dependencies: AuthDependencies,
    features: readonly FeatureInfo[],
  ): Promise<AuthPart | undefined>;
  findStartupFaults(services: StartupServices): Promise<readonly Finding[]>;
}
