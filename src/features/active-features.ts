/** Every feature with its run-time slots: one entry each. Loads express's types only, and BetterAuth not at all. */
import { admin } from './admin/feature.js';
import { adminMails } from './admin/mail-templates.js';
import { createRoutes as createAdminRoutes } from './admin/routes.js';
import { createRoleClaims } from './admin/token-claims.js';
import { auditCounters } from './audit/counters.js';
import { audit } from './audit/feature.js';
import { createRoutes as createAuditRoutes } from './audit/routes.js';
import { findStartupFaults as findAuditFaults } from './audit/startup.js';
import { createAuditTrail } from './audit/trail.js';
import { bindSlots } from './bind-slots.js';
import { bearerTokens } from './bearer-tokens/feature.js';
import { breachedPasswordCounters } from './breached-passwords/counters.js';
import { breachedPasswords } from './breached-passwords/feature.js';
import { findStartupFaults as findBreachedPasswordFaults } from './breached-passwords/startup.js';
import { captchaCounters } from './captcha/counters.js';
import { captcha, shownCaptcha } from './captcha/feature.js';
import { findStartupFaults as findCaptchaFaults } from './captcha/startup.js';
import { changeEmailCounters } from './change-email/counters.js';
import { changeEmail } from './change-email/feature.js';
import { changeEmailMails } from './change-email/mail-templates.js';
import { confirmPage } from './confirm-page/feature.js';
import { createRoutes as createConfirmPageRoutes } from './confirm-page/routes.js';
import { cookieDebug } from './cookie-debug/feature.js';
import { createRoutes as createCookieDebugRoutes } from './cookie-debug/routes.js';
import { deleteAccountCounters } from './delete-account/counters.js';
import { deleteAccount } from './delete-account/feature.js';
import { deleteAccountMails } from './delete-account/mail-templates.js';
import { emailCodeCounters } from './email-code/counters.js';
import { emailCode } from './email-code/feature.js';
import { emailCodeMail } from './email-code/mail-template.js';
import { emailVerificationCounters } from './email-verification/counters.js';
import { emailVerification } from './email-verification/feature.js';
import { emailVerificationMails } from './email-verification/mail-templates.js';
import type { FeatureSettings } from './definitions.js';
import { diagnostics } from './diagnostics/feature.js';
import { createRoutes as createDiagnosticsRoutes } from './diagnostics/routes.js';
import { jsonWebTokens } from './json-web-tokens/feature.js';
import { findStartupFaults as findSigningKeyFaults } from './json-web-tokens/startup.js';
import { magicLinkCounters } from './magic-link/counters.js';
import { magicLink } from './magic-link/feature.js';
import { magicLinkMail } from './magic-link/mail-template.js';
import { mailCounters } from './mail/counters.js';
import { mail } from './mail/feature.js';
import { createMailer } from './mail/mailer.js';
import { createRoutes as createMailRoutes } from './mail/routes.js';
import { findStartupFaults as findMailFaults } from './mail/startup.js';
import { mailboxSignInMails } from './mailbox-sign-in-mails.js';
import { passkeyCounters } from './passkeys/counters.js';
import { passkeys } from './passkeys/feature.js';
import { passkeyMails } from './passkeys/mail-templates.js';
import { createRoutes as createPasskeyRoutes } from './passkeys/routes.js';
import { passwordResetCounters } from './password-reset/counters.js';
import { passwordReset } from './password-reset/feature.js';
import { passwordResetMails } from './password-reset/mail-templates.js';
import { profileFields } from './profile-fields/feature.js';
import { createProfileClaims, shownProfileFields } from './profile-fields/shown-profile.js';
import { redirectCounters } from './redirect-sign-in/counters.js';
import { replicaCounters } from './read-replica/counters.js';
import { readReplica } from './read-replica/feature.js';
import { createReplica } from './read-replica/replica.js';
import { findStartupFaults as findReplicaFaults } from './read-replica/startup.js';
import { redirectSignIn } from './redirect-sign-in/feature.js';
import { redisLimitCounters } from './redis-limits/counters.js';
import { redisLimits } from './redis-limits/feature.js';
import { createRedisLimits } from './redis-limits/limit-store.js';
import { redirectMails } from './redirect-sign-in/mail-templates.js';
import { createRoutes as createRedirectRoutes } from './redirect-sign-in/routes.js';
import { securityNoticeCounters } from './security-notices/counters.js';
import { securityNotices } from './security-notices/feature.js';
import { securityNoticeMails } from './security-notices/mail-templates.js';
import type { ActiveFeature } from './slots.js';
import { createIdentityProviders } from './social-providers/create-providers.js';
import { socialProviders } from './social-providers/feature.js';
import { shownProviders } from './social-providers/shown-providers.js';
import { findStartupFaults as findProviderFaults } from './social-providers/startup.js';
import { telemetryCounters } from './telemetry/counters.js';
import { traceFields } from './telemetry/current-span.js';
import { telemetry } from './telemetry/feature.js';
import { createRoutes as createTelemetryRoutes } from './telemetry/routes.js';
import { factorCounters } from './totp/counters.js';
import { totp } from './totp/feature.js';
import { factorMails } from './totp/mail-templates.js';
import { webhookCounters } from './webhooks/counters.js';
import { webhooks } from './webhooks/feature.js';
import { createEventSender } from './webhooks/sender.js';
import { findStartupFaults as findWebhookFaults } from './webhooks/startup.js';

const features = [
  bindSlots(admin, {
    publicFields: () => ({ user: ['role'], session: ['impersonatedBy'] }),
    tokenClaims: createRoleClaims,
    createRoutes: createAdminRoutes,
    mailTemplates: ({ impersonationNotice }) => (impersonationNotice ? adminMails : []),
    loadAuth: () => import('./admin/auth.js'),
  }),
  bindSlots(audit, {
    createAuditTrail,
    counters: auditCounters,
    findStartupFaults: findAuditFaults,
    createRoutes: createAuditRoutes,
  }),
  bindSlots(bearerTokens, {
    credentialRules: () => ({ bearer: true }),
    loadAuth: () => import('./bearer-tokens/auth.js'),
  }),
  bindSlots(jsonWebTokens, {
    findStartupFaults: findSigningKeyFaults,
    loadAuth: () => import('./json-web-tokens/auth.js'),
  }),
  bindSlots(profileFields, {
    publicFields: shownProfileFields,
    tokenClaims: createProfileClaims,
    requiredSignUpFields: ({ required }) => required,
    loadInputRule: () => import('./profile-fields/input-rule.js'),
    loadAuth: () => import('./profile-fields/auth.js'),
  }),
  // Before features whose checks cost more, such as a request to another service.
  bindSlots(captcha, {
    publicSettings: shownCaptcha,
    counters: captchaCounters,
    findStartupFaults: findCaptchaFaults,
    loadAuth: () => import('./captcha/auth.js'),
  }),
  bindSlots(breachedPasswords, {
    counters: breachedPasswordCounters,
    findStartupFaults: findBreachedPasswordFaults,
    loadAuth: () => import('./breached-passwords/auth.js'),
  }),
  bindSlots(mail, {
    createMailer,
    counters: mailCounters,
    createRoutes: createMailRoutes,
    findStartupFaults: findMailFaults,
  }),
  bindSlots(passwordReset, {
    publicSettings: () => ({ passwordReset: true }),
    mailTemplates: () => passwordResetMails,
    counters: passwordResetCounters,
    loadAuth: () => import('./password-reset/auth.js'),
  }),
  bindSlots(emailVerification, {
    publicSettings: ({ mode }) => ({ emailVerification: mode }),
    mailTemplates: () => emailVerificationMails,
    counters: emailVerificationCounters,
    loadAuth: () => import('./email-verification/auth.js'),
  }),
  bindSlots(changeEmail, {
    publicSettings: () => ({ changeEmail: true }),
    mailTemplates: () => changeEmailMails,
    counters: changeEmailCounters,
    loadAuth: () => import('./change-email/auth.js'),
  }),
  bindSlots(deleteAccount, {
    publicSettings: (deleteAccount) => ({ deleteAccount }),
    mailTemplates: () => deleteAccountMails,
    counters: deleteAccountCounters,
    loadAuth: () => import('./delete-account/auth.js'),
  }),
  bindSlots(magicLink, {
    publicSettings: () => ({ magicLink: true }),
    mailTemplates: () => [magicLinkMail, ...mailboxSignInMails],
    counters: magicLinkCounters,
    loadAuth: () => import('./magic-link/auth.js'),
  }),
  bindSlots(emailCode, {
    publicSettings: () => ({ emailCode: true }),
    mailTemplates: () => [emailCodeMail, ...mailboxSignInMails],
    counters: emailCodeCounters,
    loadAuth: () => import('./email-code/auth.js'),
  }),
  bindSlots(passkeys, {
    publicSettings: () => ({ passkeys: true }),
    mailTemplates: () => passkeyMails,
    counters: passkeyCounters,
    createRoutes: createPasskeyRoutes,
    loadAuth: () => import('./passkeys/auth.js'),
  }),
  bindSlots(socialProviders, {
    publicSettings: shownProviders,
    createIdentityProviders,
    findStartupFaults: findProviderFaults,
  }),
  bindSlots(redirectSignIn, {
    mailTemplates: () => redirectMails,
    counters: redirectCounters,
    createRoutes: createRedirectRoutes,
    loadAuth: () => import('./redirect-sign-in/auth.js'),
  }),
  bindSlots(totp, {
    publicFields: () => ({ user: ['twoFactorEnabled'] }),
    publicSettings: ({ mode }) => ({ secondFactor: mode }),
    mailTemplates: () => factorMails,
    counters: factorCounters,
    loadAuth: () => import('./totp/auth.js'),
  }),
  bindSlots(securityNotices, {
    mailTemplates: () => securityNoticeMails,
    counters: securityNoticeCounters,
    loadAuth: () => import('./security-notices/auth.js'),
  }),
  bindSlots(webhooks, {
    createEventSender,
    counters: webhookCounters,
    findStartupFaults: findWebhookFaults,
  }),
  bindSlots(readReplica, {
    createSessionReplica: createReplica,
    counters: replicaCounters,
    findStartupFaults: findReplicaFaults,
  }),
  bindSlots(redisLimits, { createLimitStore: createRedisLimits, counters: redisLimitCounters }),
  bindSlots(confirmPage, { createRoutes: createConfirmPageRoutes }),
  bindSlots(cookieDebug, { createRoutes: createCookieDebugRoutes }),
  bindSlots(diagnostics, { usesMetrics: true, createRoutes: createDiagnosticsRoutes }),
  bindSlots(telemetry, {
    usesMetrics: true,
    logFields: () => traceFields(),
    counters: telemetryCounters,
    createRoutes: createTelemetryRoutes,
  }),
];

/** The features that these settings switch on, in the order of the list. */
export function activateFeatures(settings: FeatureSettings): readonly ActiveFeature[] {
  return features.flatMap((activate) => activate(settings) ?? []);
}
