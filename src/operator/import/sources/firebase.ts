/** Firebase: a user of `firebase auth:export --format=json`. */
import { z } from 'zod';
import { firebaseHash, type FirebaseProject } from '../convert-hash.js';
import type { Source } from '../source-user.js';
import { flag, list, subject, text, time } from './fields.js';

const schema = z.looseObject({
  localId: text,
  email: text,
  emailVerified: flag,
  displayName: text,
  photoUrl: text,
  createdAt: time,
  disabled: flag,
  passwordHash: text,
  salt: text,
  providerUserInfo: list(z.looseObject({ providerId: z.string(), rawId: subject.optional() })),
  mfaInfo: list(z.unknown()),
});

/** @param project undefined without `--firebase-config`: hashes are then unknown */
export function firebase(project: FirebaseProject | undefined): Source {
  return {
    // The rawId of microsoft.com is not Microsoft's `sub`.
    providers: { 'google.com': 'google', 'github.com': 'github', 'apple.com': 'apple' },
    read(line) {
      const { data } = schema.safeParse(line);
      if (data === undefined) return undefined;
      const { passwordHash, salt = '' } = data;
      return {
        id: data.localId,
        email: data.email,
        emailVerified: data.emailVerified,
        name: data.displayName,
        image: data.photoUrl,
        createdAt: data.createdAt,
        hash: project && passwordHash ? firebaseHash(project, salt, passwordHash) : passwordHash,
        logins: data.providerUserInfo.flatMap(({ providerId, rawId }) =>
          rawId === undefined || ['password', 'phone'].includes(providerId)
            ? []
            : [{ provider: providerId, subject: rawId }],
        ),
        isBlocked: data.disabled,
        hasSecondFactor: data.mfaInfo.length > 0,
      };
    },
  };
}
