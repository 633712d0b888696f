/** Another browser of a registered user: separate cookies and address, same name and password. */
import type { TestService } from './test-service.js';
import { Visitor, type Answer } from './visitor.js';

export async function signInElsewhere(
  service: Pick<TestService, 'url'>,
  person: Visitor,
): Promise<Visitor> {
  const browser = new Visitor(service);
  const answer = await signInAs(browser, person);
  if (answer.status !== 200) throw new Error(`sign-in answered ${answer.status}: ${answer.text}`);
  return browser;
}

/** Signs in as `person` from `browser`, with the cookies it has. */
export function signInAs(
  browser: Visitor,
  person: Visitor,
  password = person.password,
): Promise<Answer> {
  return browser.ask('/api/auth/sign-in/email', { body: { email: person.email, password } });
}
