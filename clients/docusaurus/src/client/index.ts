/** The public API for pages and swizzled components: `docusaurus-plugin-auth-service/client`. */
export type { AuthActions } from './actions.js';
export { describeDevice, shortAddress } from './describe-device.js';
export type {
  FactorStatus,
  Passkey,
  TotpEnrolment,
  TrustedDevice,
} from './factors/factor-shapes.js';
export { useFactors, type Factors } from './factors/use-factors.js';
export { usePasskeySignIn, type PasskeySignIn } from './factors/use-passkey-sign-in.js';
export { ceremonyCancelled, isPasskeySupported } from './factors/webauthn.js';
export {
  backupCodeError,
  codeError,
  emailError,
  minimumPasswordLength,
  nameError,
  newPasswordError,
  totpError,
} from './field-errors.js';
export {
  useAuth,
  useAuthFetch,
  useAuthOptions,
  useMailedLink,
  useServiceFeatures,
  useSession,
} from './hooks.js';
export { isChangePurpose, type ChangePurpose } from './change-purpose.js';
export type { Redeemed } from './mail-actions.js';
export {
  mailedLinks,
  takeLinkScript,
  type MailedLink,
  type RedirectResult,
} from './mailed-link.js';
export { isLinkRefusal } from './link-messages.js';
export { done, type Outcome, type Refusal } from './outcome.js';
export { passwordError } from './password-error.js';
export { PluginPage } from './plugin-page.jsx';
export { profileInputName } from './profile-input-name.js';
export {
  changedProfile,
  profileErrors,
  profileFields,
  readProfileInputs,
  type Profile,
} from './profile-inputs.js';
export { readReturnPath, withReturnPath } from './return-path.js';
export type { NextStep } from './redirect/explanation.js';
export type { Flow } from './redirect/flow-store.js';
export {
  explainInterrupted,
  explainRedirect,
  isAlreadyDone,
  redirectReasonOf,
} from './redirect/redirect-reasons.js';
export type { LinkedAccount } from './redirect/redirect-shapes.js';
export { useProviderStart } from './redirect/use-provider-start.js';
export {
  useFinishRedirect,
  useProviderLabel,
  useRedirectSignIn,
} from './redirect/use-redirect-sign-in.js';
export { secondFactorDueCode, type SecondFactorDue } from './second-factor.js';
export type { ServiceFeatures, SocialProvider } from './service-features.js';
export type { Session, User } from './session.js';
export { pendingFactor, type SessionState } from './session-state.js';
export type { StepUpReason } from './step-up/step-up-reason.js';
export { useStepUp, type StepUp, type StepUpProof } from './step-up/use-step-up.js';
export { useHideHeadings } from './hidden-headings.js';
export { useForm, type FieldErrors, type Form } from './use-form.js';
export { useRedeemOnce } from './use-redeem-once.js';
export { useSessionList, type SessionList } from './use-session-list.js';
export { useReturnPath, useSignInPath } from './use-sign-in-path.js';
