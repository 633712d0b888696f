/** Drives the pages in jsdom: loads, types and clicks. */
import { fireEvent, screen, waitFor } from '@testing-library/react';
import type { ComponentType } from 'react';
import { expect } from 'vitest';
import { password, user } from './fake-service.js';

/** Imports a component; after `vi.resetModules()` with fresh module state, as after a reload. */
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

/** Clicks as a mouse does, which also moves the focus. */
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

/** The accessible description of a field. */
export function descriptionOf(field: HTMLElement): string {
  const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent).join(' ');
}
