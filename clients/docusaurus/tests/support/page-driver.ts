/** A visitor of the pages in jsdom: what is loaded, typed and pressed. */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import type { ComponentType } from 'react';
import { expect } from 'vitest';
import { password, user } from './fake-service.js';

/** The component with everything around it loaded afresh, as by a reload, after `vi.resetModules()`. */
export async function load(name: string): Promise<ComponentType<Record<string, unknown>>> {
  const module = (await import(`../../src/theme/${name}.tsx`)) as { default: ComponentType };
  return module.default;
}

export async function router() {
  return import('./docusaurus/router.js');
}

export function type(label: string, value: string): void {
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
}

/** Pressed as by a mouse, which also gives it the focus. */
export function press(name: string | RegExp): HTMLElement {
  const button = screen.getByRole('button', { name });
  button.focus();
  fireEvent.click(button);
  return button;
}

export async function signIn(given = password): Promise<void> {
  type('E-mail address', user.email);
  type('Password', given);
  press('Sign in');
  await waitFor(() => expect(screen.queryByText('Signing in…')).toBeNull());
}

/** What a screen reader reads with the field. */
export function descriptionOf(field: HTMLElement): string {
  const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent).join(' ');
}
