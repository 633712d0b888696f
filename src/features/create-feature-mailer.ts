/** Creates the mailer from the feature that fills the slot, with what all features bring to it. */
import type { MailWorker } from '../mailer.js';
import type { RequestScopes } from '../request-scope.js';
import type { ActiveFeature, MailerServices } from './slots.js';

export interface FeatureMailerDependencies extends Omit<
  MailerServices,
  'templates' | 'afterResponse'
> {
  readonly scopes: RequestScopes;
  readonly waitUntil: ((work: Promise<void>) => void) | undefined;
}

/**
 * @returns undefined where no feature sends mails
 * @throws Error if two do
 */
export function createFeatureMailer(
  features: readonly Pick<ActiveFeature, 'createMailer' | 'mailTemplates'>[],
  { scopes, waitUntil, ...services }: FeatureMailerDependencies,
): MailWorker | undefined {
  const [create, ...others] = features.flatMap(({ createMailer }) => createMailer ?? []);
  if (others.length > 0) throw new Error('two features create a mailer');
  return create?.({
    ...services,
    templates: features.flatMap(({ mailTemplates = [] }) => mailTemplates),
    afterResponse(work) {
      const responseSent = scopes.getStore()?.waitForResponse?.() ?? Promise.resolve();
      const done = responseSent.then(work);
      waitUntil?.(done);
    },
  });
}
