/** The profile fields of the sign-up and account pages, made from the option `profileSchema`. */
// @vitest-environment jsdom
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { user } from './support/fake-service.js';
import { descriptionOf, load, press, signIn, type } from './support/page-driver.js';
import { useFakeService } from './support/use-fake-service.js';

const profileSchema = {
  type: 'object',
  properties: {
    background: { type: 'string', title: 'Background', enum: ['student', 'engineer'] },
    age: { type: 'integer', title: 'Age', description: 'In years.', minimum: 13 },
    newsletter: { type: 'boolean', title: 'Newsletter' },
    homepage: { type: 'string', format: 'uri' },
    source: { type: 'string', title: 'Where from?', 'x-visibility': 'hidden' },
  },
  required: ['background'],
};

vi.mock('@docusaurus/useGlobalData', async () => {
  const { readOptions } = await import('../src/options.js');
  const data = readOptions({ authUrl: 'https://auth.example.com', profileSchema });
  return { usePluginData: () => data };
});

const fake = useFakeService();

function field(label: string): HTMLInputElement {
  return screen.getByLabelText(label);
}

function choose(label: string, value: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

async function openSignUp(): Promise<void> {
  const SignUp = await load('AuthSignUpPage');
  render(<SignUp />);
  type('Name', 'Ada');
  type('E-mail address', user.email);
  type('Password', 'quiet harbour');
}

async function openAccount(): Promise<void> {
  const [SignIn, Account] = [await load('AuthSignInPage'), await load('AuthAccountPage')];
  const page = render(<SignIn />);
  await signIn();
  page.rerender(<Account />);
  await screen.findByText('Your profile');
}

test('each type has its input, with title as label and description as help', async () => {
  await openSignUp();
  expect(field('Background').tagName).toBe('SELECT');
  expect(Array.from(field('Background').children, (option) => option.textContent)).toEqual([
    '',
    'student',
    'engineer',
  ]);
  expect(field('Background').required).toBe(true);
  expect([field('Age').type, field('Age').min, field('Age').required]).toEqual([
    'number',
    '13',
    false,
  ]);
  expect(descriptionOf(field('Age'))).toBe('In years.');
  expect(field('Newsletter').type).toBe('checkbox');
  expect(field('homepage').type).toBe('url');
});

test('sign-up sends the values in their types, and null for what is empty', async () => {
  await openSignUp();
  choose('Background', 'engineer');
  type('Age', '42');
  fireEvent.click(field('Newsletter'));
  type('Where from?', 'a friend');
  press('Sign up');
  await waitFor(() => expect(fake.service.bodies.get('/sign-up/email')).toBeDefined());
  expect(fake.service.bodies.get('/sign-up/email')?.profile).toEqual({
    background: 'engineer',
    age: 42,
    newsletter: true,
    homepage: null,
    source: 'a friend',
  });
});

test('a required field without a value is an error before anything is sent', async () => {
  await openSignUp();
  press('Sign up');
  expect(descriptionOf(field('Background'))).toContain('This field is required.');
  expect(document.activeElement).toBe(field('Background'));
  expect(fake.service.requests).not.toContain('/sign-up/email');
});

test('the errors of the service are shown at their fields', async () => {
  const fields = { age: 'must be at least 13', homepage: 'must be an http or https URL' };
  const body = { code: 'INVALID_PROFILE', message: 'A profile field is invalid.', fields };
  fake.service.refuse.set('/sign-up/email', { status: 400, body });
  await openSignUp();
  choose('Background', 'student');
  type('Age', '12');
  press('Sign up');
  await waitFor(() => expect(descriptionOf(field('Age'))).toContain('must be at least 13'));
  expect(descriptionOf(field('homepage'))).toContain('must be an http or https URL');
  expect(document.activeElement).toBe(field('Age'));
  expect(screen.getByRole('alert').textContent).toBe('');
});

test('an error of a field that the form lacks is shown above the button', async () => {
  const body = {
    code: 'INVALID_PROFILE',
    message: 'A profile field is invalid.',
    fields: { city: 'is required' },
  };
  fake.service.refuse.set('/sign-up/email', { status: 400, body });
  await openSignUp();
  choose('Background', 'student');
  press('Sign up');
  await waitFor(() =>
    expect(screen.getByRole('alert').textContent).toBe('A profile field is invalid.'),
  );
});

test('the account page shows the stored values, saves changes, and has no hidden field', async () => {
  await openAccount();
  expect(screen.queryByLabelText('Where from?')).toBeNull();
  choose('Background', 'student');
  type('Age', '20');
  press('Save profile');
  await screen.findByText('Your profile was saved.');
  expect(fake.service.bodies.get('/update-user')).toEqual({
    profile: { background: 'student', age: 20 },
  });
});

test('a field that the visitor did not touch is not sent, so that saving undoes nothing', async () => {
  await openAccount();
  type('Age', '20');
  press('Save profile');
  await screen.findByText('Your profile was saved.');
  expect(fake.service.bodies.get('/update-user')).toEqual({ profile: { age: 20 } });
  type('Age', '21');
  press('Save profile');
  await waitFor(() =>
    expect(fake.service.bodies.get('/update-user')).toEqual({ profile: { age: 21 } }),
  );
});

test('a number that is half typed is an error at its field, and deletes nothing', async () => {
  await openAccount();
  Object.defineProperty(field('Age'), 'validity', { value: { badInput: true } });
  press('Save profile');
  await waitFor(() => expect(descriptionOf(field('Age'))).toContain('This value is incomplete.'));
  expect(fake.service.requests).not.toContain('/update-user');
});

test.each([
  ['text', /profileSchema must be the JSON Schema/],
  [{}, /with properties/],
  [{ properties: { tags: { type: 'array' } } }, /profileSchema: the type of tags must be one of/],
])('profileSchema %o is refused', async (schema, message) => {
  const { readOptions } = await import('../src/options.js');
  const options = { authUrl: 'https://auth.example.com', profileSchema: schema };
  expect(() => readOptions(options)).toThrow(message);
});
