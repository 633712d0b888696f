/** Second factors, passkeys and new proofs, as the fake service has them. */
import type { Refusal } from './fake-service.js';

export const totp = '246810';
export const backupCodes = Array.from({ length: 10 }, (_, index) => `code-${index}`);

interface Caller {
  readonly isValid: boolean;
  readonly isPending: boolean;
}

export interface FakeFactors {
  /** What every sign-in needs besides; undefined for none. */
  due: 'verify' | 'enrol' | undefined;
  methods: readonly string[];
  isEnabled: boolean;
  devices: { readonly id: string; readonly browser: string; readonly createdAt: string }[];
  passkeys: { readonly id: string; name: string; readonly createdAt: string }[];
  /** With which a new proof can be given; undefined for an older service, which has no such route. */
  stepUpMethods: readonly string[] | undefined;
  /** Calls that need a newer or stronger proof, by path, until one is given. */
  readonly needsProof: Map<string, 'not_fresh' | 'aal2_required'>;
  /** The answer of a sign-in, if it has to wait for the second factor. */
  hold(token: string): object | undefined;
  reasonOf(token: string | undefined): string | undefined;
  /** Ends a sign-in that waits. @returns whether it did */
  release(token: string | undefined, ends?: boolean): boolean;
  /** Every sign-in that waits is over. */
  expire(): void;
  respond(path: string, body: object, caller: Caller): Refusal | 'proven' | undefined;
}

export function createFakeFactors(): FakeFactors {
  const pending = new Map<string, 'verify' | 'enrol'>();
  const refusal = (status: number, reason: string): Refusal => ({
    status,
    body: { code: reason.toUpperCase(), reason, message: `In the words of the service: ${reason}` },
  });
  const ok = (body: Refusal['body']): Refusal => ({ status: 200, body });

  function verify({ isValid, isPending }: Caller, isRight: boolean, wrong: string) {
    if (!isValid && !isPending) return refusal(401, 'pending_sign_in_missing');
    if (!isRight) return refusal(401, wrong);
    factors.needsProof.clear();
    return 'proven' as const;
  }

  const factors: FakeFactors = {
    due: undefined,
    methods: ['totp', 'backup_code'],
    isEnabled: false,
    devices: [],
    passkeys: [],
    stepUpMethods: undefined,
    needsProof: new Map(),
    hold(token) {
      const { due, methods } = factors;
      if (due === undefined) return undefined;
      pending.set(token, due);
      return { twoFactorRedirect: true, twoFactorMethods: methods, secondFactor: due };
    },
    reasonOf(token = '') {
      const due = pending.get(token);
      if (due === undefined) return undefined;
      return due === 'verify' ? 'second_factor_required' : 'second_factor_enrolment_required';
    },
    release(token = '', ends = true) {
      return ends ? pending.delete(token) : pending.has(token);
    },
    expire: () => pending.clear(),
    respond(path, given, caller) {
      const body = given as Readonly<Record<string, unknown>>;
      const isOwn = caller.isValid || caller.isPending;
      const needed = factors.needsProof.get(path);
      if (caller.isValid && needed !== undefined) {
        const code = needed === 'not_fresh' ? 'SESSION_NOT_FRESH' : 'SECOND_FACTOR_REQUIRED';
        return { status: 403, body: { code, reason: needed, message: 'A proof is needed.' } };
      }
      switch (path) {
        case '/two-factor/verify-totp': {
          const result = verify(caller, body.code === totp, 'totp_wrong');
          if (result === 'proven') factors.isEnabled = true;
          return result;
        }
        case '/two-factor/verify-backup-code':
          return verify(caller, backupCodes.includes(String(body.code)), 'backup_code_wrong');
        case '/passkey/verify-authentication':
          return typeof body.response === 'object' ? 'proven' : refusal(400, 'challenge_unknown');
        case '/step-up': {
          if (factors.stepUpMethods === undefined) return undefined;
          if (Object.keys(body).length === 0) return ok({ methods: factors.stepUpMethods, aal: 1 });
          const isRight =
            body.password === 'correct horse battery' ||
            body.totp === totp ||
            typeof body.passkey === 'object';
          return verify(caller, isRight, 'password' in body ? 'invalid_password' : 'totp_wrong');
        }
        case '/passkey/generate-authenticate-options':
        case '/passkey/generate-register-options':
          return ok({
            challenge: 'Y2hhbGxlbmdl',
            rpId: 'localhost',
            rp: { id: 'localhost', name: 'A site' },
            user: { id: 'dXNlcg', name: 'ada', displayName: 'Ada' },
            pubKeyCredParams: [],
          });
        case '/two-factor/enable':
          return isOwn
            ? ok({
                totpURI: 'otpauth://totp/A%20site:ada?secret=JBSWY3DPEHPK3PXP&issuer=A%20site',
                qrCode: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
                backupCodes,
              })
            : refusal(401, 'unauthorized');
        case '/two-factor/status': {
          const backupCodesLeft = factors.isEnabled ? backupCodes.length : 0;
          return ok({ enabled: factors.isEnabled, backupCodesLeft, required: false });
        }
        case '/two-factor/generate-backup-codes':
          return ok({ backupCodes: backupCodes.map((code) => `new-${code}`) });
        case '/two-factor/disable':
          factors.isEnabled = false;
          return ok({ status: true });
        case '/two-factor/trusted-devices':
          return { status: 200, body: factors.devices as unknown as Refusal['body'] };
        case '/two-factor/revoke-trusted-device':
          factors.devices = factors.devices.filter(({ id }) => id !== body.id);
          return ok({ status: true });
        case '/two-factor/revoke-trusted-devices':
          factors.devices = [];
          return ok({ status: true });
        case '/passkey/list-user-passkeys':
          return { status: 200, body: factors.passkeys as unknown as Refusal['body'] };
        case '/passkey/verify-registration': {
          const createdAt = '2026-11-28T12:00:00.000Z';
          factors.passkeys.push({ id: 'new', name: String(body.name), createdAt });
          return 'proven';
        }
        case '/passkey/update-passkey':
          for (const passkey of factors.passkeys)
            if (passkey.id === body.id) passkey.name = String(body.name);
          return ok({ passkey: {} });
        case '/passkey/delete-passkey':
          factors.passkeys = factors.passkeys.filter(({ id }) => id !== body.id);
          return ok({ status: true });
        default:
          return undefined;
      }
    },
  };
  return factors;
}
