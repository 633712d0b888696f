/**
 * The only door to the service's sources. What is listed here does no I/O and is bundled into this package, so that
 * the service and the doctor have one definition of a site, of a cookie's scope and of a session reason.
 */
export { domainMatches, isCookieHost, isInCookieScope } from '../../../src/config/cookie-scope.js';
export { readEnvironment } from '../../../src/config/environment.js';
export {
  isLoopbackHost,
  isPublicSuffix,
  isSameSite,
  siteOfHost,
} from '../../../src/config/site.js';
export { reasons as mailReasons, type MailReason } from '../../../src/features/mail/reasons.js';
export { ownPagePath } from '../../../src/config/site-pages.js';
export {
  reasons as redirectReasons,
  type RedirectReasonName,
} from '../../../src/features/redirect-sign-in/reasons.js';
export { maskText } from '../../../src/log/mask.js';
export { isSignedIn, reasonTable, type Reason } from '../../../src/session/reasons.js';
export { endReasons } from '../../../src/session/session-end.js';
export { version } from '../../../src/version.js';
