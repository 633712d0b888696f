/** Creates the mailer from the feature that fills the slot, with what all features bring to it. */
import type { MailWorker } from '../mailer.js';
import type { ActiveFeature, MailerServices } from './slots.js';

export type FeatureMailerDependencies = Omit<MailerServices, 'templates'>;

/**
 * @returns undefined where no feature sends mails
 * @throws Error if two do
 */
export function createFeatureMailer(
  features: readonly Pick<ActiveFeature, 'createMailer' | 'mailTemplates'>[],
  services: FeatureMailerDependencies,
): MailWorker | undefined {
  const [create, ...others] = features.flatMap(({ createMailer }) => createMailer ?? []);
  if (others.length > 0) throw new Error('two features create a mailer');
  return create?.({
    ...services,
    templates: features.flatMap(({ mailTemplates = [] }) => mailTemplates),
  });
}
