/** The mail for visitors whose provider does not vouch for their address, and the endpoint that redeems its link. */
import { APIError, createAuthEndpoint } from 'better-auth/api';
import { z } from 'zod';
import type { AskingBrowser } from '../../../auth/asking-browser.js';
import { withErrorsRecorded } from '../../../auth/atomic-changes.js';
import type { AuthDependencies } from '../../../auth/auth-dependencies.js';
import { addressId, hashToken, isForAddressOnly } from '../../../auth/link-token.js';
import { respondSignedIn } from '../../../auth/mailed-link-endpoints.js';
import type { MailboxSignIn } from '../../../auth/mailbox-sign-in.js';
import type { MailedLinks } from '../../../auth/mailed-links.js';
import { decideAccount, findLoginOwner, type SignUpRules } from '../account-decision.js';
import { counterName, linkCounterName } from '../counters.js';
import type { Flows } from '../flows.js';
import { redeemFields, type FindFlow } from './redeem.js';
import type { Refuse } from './refusals.js';
import type { SignInWithIdentity } from './sign-in-with-identity.js';

export const confirmPurpose = 'confirm_provider';
export const confirmPath = '/redirect/confirm';

const wrongBrowser =
  'This is not the browser in which you signed in with the provider. Open the link there.';

export interface ProofParts {
  readonly flows: Flows;
  readonly rules: SignUpRules;
  readonly refuse: Refuse;
  readonly findFlow: FindFlow;
  readonly links: MailedLinks;
  readonly browser: AskingBrowser;
  readonly mailbox: MailboxSignIn;
  readonly linkAccount: SignInWithIdentity['linkAccount'];
}

export function proveEndpoint(
  { orm, scopes, mailer, identityProviders }: AuthDependencies,
  { flows, rules, refuse, findFlow, links, browser, mailbox }: ProofParts,
) {
  return createAuthEndpoint(
    '/redirect/prove',
    {
      method: 'POST',
      body: z.object({
        ...redeemFields,
        /** Where the provider gives none. */
        email: z.email().optional(),
        codeChallenge: z.string().optional(),
      }),
      metadata: {
        openapi: { description: 'Mails a link that proves the address of a login at a provider' },
      },
    },
    async (ctx) => {
      const { body, context, headers } = ctx;
      const row = await findFlow(ctx, body);
      const identity = flows.identityOf(row);
      if (identity === undefined) throw refuse('code_used', row.provider);
      const decision = await withErrorsRecorded(
        scopes,
        decideAccount(orm, row.provider, identity, rules, row.linkUserId),
      );
      if (decision.kind === 'refuse') throw refuse(decision.reason, row.provider);
      // Linking needs the session of who asked, and a proven address needs no other proof: the page redeems the code.
      if (decision.kind !== 'prove') throw proofNotNeeded();
      const email = identity.email ?? body.email?.toLowerCase();
      if (email === undefined) throw refuse('email_missing', row.provider);
      if (mailer === undefined) {
        throw refuse(decision.reason, row.provider);
      }
      browser.prepare(ctx);
      const found = (await context.internalAdapter.findUserByEmail(email))?.user;
      await withErrorsRecorded(
        scopes,
        orm.transaction(async (tx) => {
          // An address without an account costs the same statements and gets a mail too.
          const userId = found?.id ?? addressId(email);
          const token = await links.create(tx, {
            userId,
            browser: browser.challenge(),
            email,
            accountEmail: email,
          });
          await flows.setLink(tx, row, hashToken(token));
          await flows.extend(tx, row);
          const base = links.mail(token, headers);
          const provider = identityProviders?.find(row.provider)?.label ?? row.provider;
          const mail = {
            ...base,
            data: { ...base.data, provider },
            template: 'confirm-provider',
            to: email,
            ownerId: found?.id,
          };
          await mailer.enqueue(tx, mailbox.mailTo(mail, found !== undefined, headers));
        }),
      );
      browser.setCookie(ctx);
      return ctx.json({ status: true });
    },
  );
}

export function confirmEndpoint(
  { orm, scopes, count }: AuthDependencies,
  { flows, refuse, links, browser, mailbox, linkAccount }: ProofParts,
) {
  return createAuthEndpoint(
    confirmPath,
    {
      method: 'POST',
      body: z.object({ token: z.string(), codeVerifier: z.string().optional() }),
      metadata: {
        openapi: { description: 'Signs in with the link that proves the address of a login' },
      },
    },
    async (ctx) => {
      const link = await withErrorsRecorded(scopes, links.find(ctx.body.token));
      // Otherwise the owner's click would link the login of the person who asked for the mail. A session of the account is no
      // exception: the owner has one, and a page may redeem without a click.
      if (link.browser === null || !browser.challenges(ctx).includes(link.browser)) {
        throw links.refuse('wrong_browser', 'LINK_WRONG_BROWSER', wrongBrowser, 403);
      }
      const row = await withErrorsRecorded(scopes, flows.findByLink(orm, link.id));
      const identity = row && flows.identityOf(row);
      if (row === undefined || identity === undefined) throw links.refuseWithoutAccount();
      const signedIn = await mailbox.signIn(
        ctx,
        async (tx) => {
          await links.redeem(tx, link);
          if (!(await flows.redeem(tx, row, new Date()))) throw refuse('code_used', row.provider);
          return {
            email: link.email ?? identity.email ?? '',
            name: identity.name,
            userId: isForAddressOnly(link) ? undefined : link.userId,
          };
        },
        async (tx, user, isNew) => {
          const owner = await findLoginOwner(tx, row.provider, identity.subject);
          if (owner === user.id) return; // another browser of the same person was faster
          if (owner !== undefined) throw refuse('account_linked_elsewhere', row.provider);
          await linkAccount(tx, ctx, user, row.provider, identity, isNew);
        },
      );
      count?.(linkCounterName, 'redeemed');
      count?.(counterName, signedIn.isNew ? 'signed_up' : 'signed_in');
      const response = await respondSignedIn(ctx, signedIn);
      return ctx.json({ ...response, ...(signedIn.isNew && { newUser: true as const }) });
    },
  );
}

function proofNotNeeded(): APIError {
  const message = 'This login needs no proof of an address: redeem the code.';
  return new APIError('BAD_REQUEST', { code: 'REDIRECT_PROOF_NOT_NEEDED', message });
}
