/** What browsers send, as `PublicKeyCredential.toJSON()` has it (WebAuthn level 3, section 5.1.1). Other fields are ignored. */
import { z } from 'zod';

const encoded = z.string().regex(/^[\w-]{1,8192}$/, 'is not base64url');
/** Some authenticators send their certificates, although the options ask for none. */
const encodedWithCertificates = z.string().regex(/^[\w-]{1,32768}$/, 'is not base64url');
/** At most 1023 bytes (WebAuthn level 3, section 4). */
const credentialId = z.string().regex(/^[\w-]{1,1364}$/, 'is not base64url of at most 1023 bytes');

const credential = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal('public-key'),
};

const hasOneId = ({ id, rawId }: { readonly id: string; readonly rawId: string }) => id === rawId;
const twoIds = { path: ['rawId'], message: 'differs from id' };

export const assertionSchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: encoded,
      authenticatorData: encoded,
      signature: encoded,
      userHandle: z.string().max(128).nullish(),
    }),
  })
  .refine(hasOneId, twoIds);

export const attestationSchema = z
  .object({
    ...credential,
    response: z.object({
      clientDataJSON: encoded,
      attestationObject: encodedWithCertificates,
      transports: z
        .array(z.string().regex(/^[a-z-]{1,32}$/))
        .max(10)
        .optional(),
    }),
  })
  .refine(hasOneId, twoIds);

export const clientDataSchema = z.object({
  type: z.string(),
  challenge: z.string(),
  origin: z.string(),
  crossOrigin: z.boolean().optional(),
  topOrigin: z.string().optional(),
});
